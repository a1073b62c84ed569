import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestCaseResult } from '../../../domain/test-result.ts'
import { type ExamineDeps, examinePackages } from '../../local/examine.ts'
import type { Verdict } from '../../local/judge.ts'
import { downloadRepository } from './download-repository.ts'
import type { FakeEnd, FakeRequest, FakeTest, Json } from './requests.ts'

/** What a request wants installed: one of its artifacts, or the Copr project of an installation test. */
export interface FakeArtifact {
  type: 'fedora-copr-build' | 'repository' | 'copr-project' | (string & {})
  /** `<build>:<chroot>`, an address, or `<owner>/<project>`. */
  id: string
  packages: string[]
}

export interface RealRunDeps extends ExamineDeps {
  /** Address of the dnf repository that has an artifact; undefined for one that has none. A `repository` is its own. */
  repositoryOf?: (artifact: FakeArtifact, request: FakeRequest) => string | undefined
}

/**
 * What a request really does on this machine: the packages are downloaded from their repository, installed into an empty root
 * in the sandbox, and looked at, as the local tester does. Plans of a project aren't run.
 */
export function createRealRun(deps: RealRunDeps): (request: FakeRequest) => Promise<FakeEnd> {
  return async (request) => {
    const dir = await mkdtemp(join(deps.workDir ?? tmpdir(), 'packit-farm-'))
    try {
      const rpms: { name: string; path: string }[] = []
      for (const artifact of artifactsOf(request)) {
        const address = artifact.type === 'repository' ? artifact.id : deps.repositoryOf?.(artifact, request)
        if (address !== undefined) rpms.push(...(await downloadRepository(address, artifact.packages, dir)))
      }
      const log: Buffer[] = []
      const verdict = await examinePackages(deps, { rpms, onLog: (chunk) => log.push(chunk) })
      return toEnd(verdict, Buffer.concat(log).toString())
    } finally {
      await rm(dir, { recursive: true, force: true })
    }
  }
}

function artifactsOf({ body }: FakeRequest): FakeArtifact[] {
  const environments = body.environments as Json[]
  return environments.flatMap(({ artifacts, variables }) => {
    const listed = (Array.isArray(artifacts) ? artifacts : []) as Partial<FakeArtifact>[]
    const { REPOSITORY: project } = (variables ?? {}) as Record<string, string>
    const given = listed.map(({ type = '', id = '', packages = [] }) => ({ type, id, packages }))
    return project === undefined ? given : [...given, { type: 'copr-project', id: project, packages: [] }]
  })
}

function toEnd({ state, reason, results }: Verdict, log: string): FakeEnd {
  const overall = { success: 'passed', failure: 'failed', skipped: 'skipped' }[state as string] ?? 'error'
  return { overall, summary: reason, results: results.map(toFakeTest), log }
}

function toFakeTest({ suite, name, result, message }: TestCaseResult): FakeTest {
  return {
    name: `/${suite}/${name}`,
    result: result === 'not-run' ? 'pending' : result,
    ...(message === null ? {} : { output: message }),
  }
}
