import { readFileSync } from 'node:fs'
import type { Setting } from './setting.ts'
import { SETTINGS } from './settings.ts'
import type { Env } from './types.ts'

export type SettingName = (typeof SETTINGS)[number]['name']

/** Reads one setting; what is wrong with it is added to the problems. */
export function readSetting<T>(env: Env, name: SettingName, parse: (text: string) => T, problems: string[]): T {
  const setting: Setting | undefined = SETTINGS.find((s) => s.name === name)
  const value =
    env[name] ||
    readSecretFile(env, name, setting?.secret ?? false, problems) ||
    env[setting?.also ?? ''] ||
    (setting?.default ?? '')
  try {
    return parse(value.trim())
  } catch (error) {
    const shown = setting?.secret ? 'a value that is kept secret' : JSON.stringify(value)
    const why = error instanceof Error && error.message ? ` (${error.message})` : ''
    problems.push(`${name} is ${shown}; expected: ${setting?.expects}${why}`)
    // never returned: `readConfig` throws when there are problems
    return undefined as T
  }
}

function readSecretFile(env: Env, name: string, secret: boolean, problems: string[]): string | undefined {
  const path = env[`${name}_FILE`]
  if (!secret || !path) return undefined
  try {
    return readFileSync(path, 'utf8').trim()
  } catch (error) {
    problems.push(`${name}_FILE names ${JSON.stringify(path)}, which can't be read: ${(error as Error).message}`)
    return undefined
  }
}
