import { readFile, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { Command } from 'commander'
import { findDataDir, wantsNoColor } from '../config.ts'
import { NotFoundError } from '../domain/errors.ts'
import { type ReadConfig, readPackageConfig } from '../domain/package-config/read.ts'
import type { TargetTable } from '../domain/targets.ts'
import { nameTargets } from './config-targets.ts'
import { invalidText, validText } from './config-text.ts'
import { findSpecFiles } from './find-specs.ts'
import { BARE, baseOf, differences } from './option-differences.ts'
import { readTargetsFile } from './targets-file.ts'
import { type Output, standardOutput } from './terminal.ts'

export interface ConfigArguments {
  /** The configuration, or the folder in which it is looked for. */
  file: string
  json: boolean
  /** Left out: the name of the folder. */
  repoName?: string
  /** Path in the repository; left out: the file's name. */
  configPath?: string
  /** Left out: looked for beside the file. */
  specFiles?: string[]
  /** Where a service keeps its data, with newer targets maybe; left out: as the settings say. */
  dataDir?: string
}

/** In the order in which they are looked for. */
const CONFIG_NAMES = ['.packit.yaml', '.packit.yml', 'packit.yaml', 'packit.yml']

export function configCommand(): Command {
  return new Command('config')
    .description('print how a package configuration is understood, or what is wrong with it (exit code 2)')
    .argument('<file>', 'the configuration, or the folder of a repository')
    .option('--json', 'print one JSON document: the options that differ from their defaults, or the errors')
    .option('--repo-name <name>', 'name of the repository (default: that of the folder)')
    .option('--config-path <path>', 'path of the configuration in the repository (default: the name of the file)')
    .option(
      '--spec-file <path>',
      'a spec file in the repository, may be repeated (default: those beside the file)',
      collect,
    )
    .action(
      async (file: string, given: { json?: true; repoName?: string; configPath?: string; specFile?: string[] }) => {
        const { json = false, specFile, ...named } = given
        const args = { file, json, ...named, ...(specFile ? { specFiles: specFile } : {}) }
        process.exitCode = await runConfigCommand(args, standardOutput(process.stdout, wantsNoColor()))
      },
    )
}

function collect(value: string, earlier: string[] = []): string[] {
  return [...earlier, value]
}

/**
 * Prints what a configuration means, or its errors.
 *
 * @returns the exit code: 0, or 2 when the configuration is refused
 * @throws {NotFoundError} when there is no such file
 */
export async function runConfigCommand(args: ConfigArguments, output: Output): Promise<0 | 2> {
  const file = await findConfig(args.file)
  const text = await readFile(file, 'utf8')
  const folder = dirname(resolve(file))
  const result = readPackageConfig(text, {
    repoName: args.repoName ?? basename(folder),
    configPath: args.configPath ?? basename(file),
    specFiles: args.specFiles ?? (await findSpecFiles(folder)),
  })
  const table = await readTargetsFile(args.dataDir ?? findDataDir())
  if (args.json) output.write(`${JSON.stringify(toDocument(result, table), null, 2)}\n`)
  else if (!result.ok) output.write(invalidText(result, text, file, output))
  else output.write(validText({ ...result, targets: nameTargets(result.config, table) }, text, file, output))
  return result.ok ? 0 : 2
}

async function findConfig(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined)
  if (found === undefined) throw new NotFoundError(`there is no file ${path}`)
  if (!found.isDirectory()) return path
  for (const name of CONFIG_NAMES) {
    const file = join(path, name)
    if ((await stat(file).catch(() => undefined))?.isFile()) return file
  }
  throw new NotFoundError(`there is no package configuration in ${path}; it would be called ${CONFIG_NAMES.join(', ')}`)
}

/** Packages with what differs from the defaults, jobs with what differs from their package. */
function toDocument(result: ReadConfig, table: TargetTable): object {
  if (!result.ok) return { valid: false, errors: result.errors, warnings: result.warnings }
  const { packages, jobs } = result.config
  const { asOf, chroots, unknown } = nameTargets(result.config, table)
  return {
    valid: true,
    packages: mapValues(packages, (options) => differences(options, BARE)),
    jobs: jobs.map(({ on, packages: own, type, ...settings }) => ({
      type,
      trigger: on,
      ...settings,
      packages: mapValues(own, (options, name) => differences(options, baseOf(result.config, name))),
    })),
    targets: { as_of: asOf, chroots, unknown },
    warnings: result.warnings,
  }
}

function mapValues<T, U>(record: { [name: string]: T }, change: (value: T, name: string) => U): { [name: string]: U } {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value, name)]))
}
