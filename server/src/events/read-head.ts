import type { ForgeProject } from '../domain/forge-event.ts'
import { readPackageConfig } from '../domain/package-config/read.ts'
import type { PackageConfig } from '../domain/package-config/types.ts'
import type { PlanProblem } from '../domain/plan.ts'

/** In the order in which they are looked for; the first that is there counts. */
const CONFIG_NAMES = ['.packit.yaml', '.packit.yml', 'packit.yaml', 'packit.yml']

/** What is read of a commit; the mirror's functions, bound to it. */
export interface CommitFiles {
  /** Names at the top of the repository. */
  names: readonly string[]
  /** All paths of spec files, nearest to the top first. */
  specFiles: readonly string[]
  read(name: string): Promise<Buffer | undefined>
}

export type ReadConfig =
  | { ok: true; config: PackageConfig; path: string; warnings: string[] }
  | { ok: false; path: string | null; problem: PlanProblem }

/** The package configuration of a commit, or in words why there is none to be had. */
export async function readCommitConfig(files: CommitFiles, project: ForgeProject): Promise<ReadConfig> {
  const path = CONFIG_NAMES.find((name) => files.names.includes(name))
  const body = path && (await files.read(path))
  if (!path || !body) return { ok: false, path: null, problem: noConfig() }
  const result = readPackageConfig(body.toString('utf8'), {
    repoName: project.name,
    configPath: path,
    specFiles: [...files.specFiles],
  })
  if (!result.ok) return { ok: false, path, problem: invalidConfig(path, body.toString('utf8'), result.errors) }
  return { ok: true, config: result.config, path, warnings: result.warnings.map((w) => describe(path, w)) }
}

function noConfig(): PlanProblem {
  const summary = `This commit has no package configuration: none of ${CONFIG_NAMES.join(', ')} is at the top of the repository.`
  return { kind: 'no-config', state: 'skipped', title: 'No package configuration', summary, lines: [] }
}

interface Problem {
  line?: number
  column?: number
  message: string
}

function invalidConfig(path: string, text: string, errors: readonly Problem[]): PlanProblem {
  const source = text.split(/\r?\n/)
  const numbers = [...new Set(errors.map((e) => e.line).filter((n) => n !== undefined))].slice(0, 10)
  return {
    state: 'failure',
    kind: 'config',
    title: `${path} is invalid`,
    summary: errors.map((error) => describe(path, error)).join('\n'),
    lines: numbers.map((number) => ({ number, text: source[number - 1] ?? '' })),
  }
}

function describe(path: string, { line, column, message }: Problem): string {
  return line === undefined ? `${path}: ${message}` : `${path}:${line}:${column ?? 1}: ${message}`
}
