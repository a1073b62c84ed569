import { execFile } from 'node:child_process'
import { access } from 'node:fs/promises'
import { join } from 'node:path'

/** What a package may be called in `srpm_build_deps`; whatever else stands there can't be looked for. */
const NAME = /^[\w/][\w.+~:/()-]{0,200}$/
const MOST_NAMES = 200
const PROGRAM_FOLDERS = ['/usr/local/bin', '/usr/bin', '/bin', '/usr/sbin', '/sbin']

/**
 * The packages that this machine does not have, in the order given. They are looked for by the name that Fedora gives
 * them: in the RPM database, then as a package of Debian (also `-dev` for `-devel`), then as a program.
 *
 * @param names  as in `srpm_build_deps`: names, paths or provides, a version relation behind them is not looked at
 */
export async function findMissingPackages(names: readonly string[]): Promise<string[]> {
  const wanted = [...new Set(names.map((name) => name.trim().split(/\s/)[0] ?? ''))]
    .filter(Boolean)
    .slice(0, MOST_NAMES)
  const found = await Promise.all(
    [askRpm, askDpkg, lookForFiles].map((ask) => ask(wanted.filter((name) => NAME.test(name)))),
  )
  return wanted.filter((name) => !found.some((here) => here.has(name)))
}

/** A sentence about them for people; undefined when nothing is missing. */
export function describeMissingPackages(missing: readonly string[]): string | undefined {
  if (missing.length === 0) return undefined
  return `Not installed on this machine, of srpm_build_deps: ${missing.join(', ')}. Actions that need them will fail.`
}

type Ask = (names: readonly string[]) => Promise<Set<string>>

const askRpm: Ask = async (names) => {
  const provides = names.filter((name) => !name.startsWith('/'))
  const lines = (await printed('rpm', ['-q', '--whatprovides', ...provides])).split('\n').filter(Boolean)
  // one line or more for each name; fewer say that rpm could not look
  if (lines.length < provides.length) return new Set()
  const missing = new Set(lines.map((line) => /^no package provides (.*)$/.exec(line)?.[1]))
  return new Set(provides.filter((name) => !missing.has(name)))
}

const FIELDS = ['Package', 'db:Status-Status'].map((field) => `\${${field}}`).join(' ')

const askDpkg: Ask = async (names) => {
  const lines = (await printed('dpkg-query', ['-W', '-f', `${FIELDS}\n`])).split('\n')
  const installed = new Set(lines.filter((line) => line.endsWith(' installed')).map((line) => line.split(' ')[0]))
  return new Set(names.filter((name) => installed.has(name) || installed.has(name.replace(/-devel$/, '-dev'))))
}

/** A program often is called as its package is. */
const lookForFiles: Ask = async (names) => {
  const found = await Promise.all(
    names.map(async (name) => {
      const paths = name.startsWith('/') ? [name] : PROGRAM_FOLDERS.map((folder) => join(folder, name))
      const there = await Promise.all(paths.map(isThere))
      return there.includes(true) ? name : ''
    }),
  )
  return new Set(found)
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

/** What a program printed, whatever its exit code; one that isn't there prints nothing. */
function printed(program: string, args: readonly string[]): Promise<string> {
  const env = { PATH: '/usr/bin:/bin', LC_ALL: 'C' }
  return new Promise((resolve) => {
    execFile(program, args, { env, timeout: 10_000, maxBuffer: 16 * 1024 ** 2 }, (_, stdout) => resolve(stdout ?? ''))
  })
}
