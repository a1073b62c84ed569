import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Limits, Sandbox } from '../../sandbox/sandbox.ts'
import { RPM_NAME } from './inside/rebuild-result.ts'

export interface RepositoryDeps {
  sandbox: Sandbox
  limits: Limits
  workDir?: string
}

export interface RepositoryInput {
  /** Packages by the name they have in the repository, and where they lie on this machine. */
  rpms: readonly { name: string; path: string }[]
  onLog?: (chunk: Buffer) => void
  signal?: AbortSignal
}

export interface Repository {
  /** The metadata: name below the repository (`repodata/repomd.xml`) and path on this machine. */
  files: { name: string; path: string }[]
  /** Removes the files; call it when they are stored. */
  remove(): Promise<void>
}

/** What createrepo_c writes: the index, and files named by their checksum. */
const METADATA_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,200}\.(?:xml|xml\.gz|xml\.zst|xml\.xz|xml\.bz2)$/

/**
 * Makes the metadata of a dnf repository. The packages are read in the sandbox: their headers are a stranger's.
 *
 * @throws {Error} when createrepo_c fails or passes a limit, with the first of its complaints
 * @throws {SetupError} when there is no sandbox
 * @throws {RangeError} for a package with a name that no build of ours hands out
 */
export async function createRepository(deps: RepositoryDeps, input: RepositoryInput): Promise<Repository> {
  const mounts: Record<string, string> = {}
  for (const { name, path } of input.rpms) {
    if (!RPM_NAME.test(name)) throw new RangeError(`not the name of a package: ${JSON.stringify(name)}`)
    mounts[`/in/rpms/${name}`] = path
  }
  const resultsDir = await mkdtemp(join(deps.workDir ?? tmpdir(), 'packit-repository-'))
  const remove = () => rm(resultsDir, { recursive: true, force: true })
  const said: Buffer[] = []
  const result = await deps.sandbox
    .run({
      program: join(import.meta.dirname, 'inside/create-repository.ts'),
      ...{ input: null, mounts, limits: deps.limits, network: false, resultsDir },
      results: [{ name: METADATA_NAME, maxBytes: deps.limits.diskBytes }],
      onLog(chunk) {
        said.push(chunk)
        input.onLog?.(chunk)
      },
      ...(input.signal ? { signal: input.signal } : {}),
    })
    .catch(async (error: unknown) => {
      await remove()
      throw error
    })
  const files = result.files.map(({ name, path }) => ({ name: `repodata/${name}`, path }))
  if (result.end === 'finished' && files.some(({ name }) => name === 'repodata/repomd.xml')) return { files, remove }
  await remove()
  const lines = Buffer.concat(said).toString().trim().split('\n')
  const tail = lines
    .filter((line) => /error|warning|critical|ended:/i.test(line))
    .slice(0, 5)
    .join('\n')
  throw new Error(
    `the repository's metadata could not be made (${result.end}): ${tail || lines.at(-1) || 'createrepo_c said nothing'}`,
  )
}
