import { resolve } from 'node:path'
import { findUnreachable } from './config/copr-reach.ts'
import { missingTogether } from './config/missing.ts'
import { oneOf } from './config/parse.ts'
import { readSetting } from './config/read-setting.ts'
import {
  type Read,
  readBuilds,
  readCopr,
  readForges,
  readOperation,
  readOthers,
  readService,
} from './config/sections.ts'
import { SETTINGS } from './config/settings.ts'
import type { Config, Env } from './config/types.ts'

export type { Config, CoprConfig } from './config/types.ts'

/** Whether the user wants no colours in the terminal (https://no-color.org); commands without settings ask this too. */
export function wantsNoColor(env: Env = process.env): boolean {
  return Boolean(env.NO_COLOR)
}

/** Where a service of this environment keeps its data; for commands that need no other setting. */
export function findDataDir(env: Env = process.env): string {
  return resolve(env.PACKIT_DATA_DIR || (SETTINGS.find(({ name }) => name === 'PACKIT_DATA_DIR')?.default ?? ''))
}

/** The environment of a program that we start, with other settings than ours; what is set to `''` is not set. */
export function environmentWith(changed: Env, env: Env = process.env): Record<string, string> {
  const set = Object.entries({ ...env, ...changed }).filter(([, value]) => value)
  return Object.fromEntries(set) as Record<string, string>
}

/** Wrong settings, all of them at once; each line names the setting, what it holds, and what is expected. */
export class SettingsError extends Error {
  override name = 'SettingsError'
}

/**
 * Reads the settings from the environment. A secret may also come from the file that `…_FILE` names.
 *
 * @param changed  what a command wants otherwise than the environment
 * @param defaults what it wants where the environment says nothing
 * @throws {SettingsError} naming every wrong setting
 */
export function readConfig({
  changed = {},
  defaults = {},
  env: given = process.env,
}: {
  changed?: Env
  defaults?: Env
  env?: Env
} = {}): Config {
  const set = Object.entries(given).filter(([, value]) => value !== '')
  const env: Env = { ...defaults, ...Object.fromEntries(set), ...changed }
  const problems: string[] = []
  const read: Read = (name, parse) => readSetting(env, name, parse, problems)
  const copr = readCopr(read)
  const config: Config = {
    ...readService(read),
    ...readForges(read),
    ...readBuilds(read, copr),
    ...readOperation(read),
    ...readOthers(read, copr.url),
    logLevel: read('PACKIT_LOG_LEVEL', oneOf('debug', 'info', 'warn', 'error', 'silent')),
  }
  problems.push(...missingTogether(config, env), ...findUnreachable(config))
  if (problems.length > 0) throw new SettingsError(problems.join('\n'))
  return config
}
