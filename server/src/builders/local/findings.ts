/** What a log of rpmbuild says is wrong with the machine instead of the change. */
export interface Lack {
  kind: 'program' | 'macro' | 'dependencies'
  names: string[]
}

/** Missing dependencies, as rpmbuild lists them on a machine that has a package database. */
const FAILED_DEPENDENCIES = /^error: Failed build dependencies:\n((?:[ \t]+.*\n?)+)/m
/** Shells (bash, dash), make and env on a program that isn't there; a path would be a file of the project itself. */
const MISSING_PROGRAM = [
  /^.*: line \d+: ([^\s:/%]+): command not found$/m,
  /^.*: \d+: ([^\s:/%]+): not found$/m,
  /^make(?:\[\d+\])?: ([^\s:/]+): No such file or directory$/m,
  /^(?:\/usr\/bin\/)?env: [‘'"]?([^\s:/’'"]+)[’'"]?: No such file or directory$/m,
]
/** A macro that nothing defined stays as it is in a script, or breaks the reading of the spec file. */
const UNDEFINED_MACRO = [
  /^.*: line \d+: (%[{]?\??\w+[}]?)\S*: command not found$/m,
  /^.*: \d+: (%[{]?\??\w+[}]?)\S*: not found$/m,
  /^error: .*Unknown tag: (%[{]?\w+[}]?)/m,
  /^error: .*(?:Invalid version|Illegal char).*(%\{[?!]*\w+\})/m,
]
const LONG_LINE = /^(.{500}).+$/gm
/** Bash takes an undefined `%macro` at the start of a line for a job of its own. */
const JOB_CONTROL = /^.*: line \d+: fg: no job control$/m

/**
 * Whether a failed build failed because this machine lacks something that a clean root of the distribution has.
 *
 * @param whole  output of rpmbuild; of a long one the end
 * @returns undefined when nothing speaks for that
 */
export function findLack(whole: string): Lack | undefined {
  const log = cutLines(whole)
  const dependencies = FAILED_DEPENDENCIES.exec(log)?.[1]
  if (dependencies) return { kind: 'dependencies', names: readDependencies(dependencies) }
  const macro = firstMatch(UNDEFINED_MACRO, log)
  if (macro) return { kind: 'macro', names: [`%${macro.replace(/[%{}?!]/g, '')}`] }
  if (JOB_CONTROL.test(log)) return { kind: 'macro', names: [] }
  const program = firstMatch(MISSING_PROGRAM, log)
  return program ? { kind: 'program', names: [program] } : undefined
}

/**
 * A sentence about it for people.
 *
 * @param srpm  name of the source package, for the command that installs what it needs
 */
export function describeLack({ kind, names }: Lack, srpm: string): string {
  const listed = names.slice(0, 10).join(', ') + (names.length > 10 ? ` and ${names.length - 10} more` : '')
  if (kind === 'dependencies')
    return `this machine lacks build dependencies: ${listed}; install them: dnf builddep ${srpm}`
  if (kind === 'macro')
    return `this machine lacks ${listed ? `the macro ${listed}` : 'a macro that the spec file uses'}`
  return `this machine lacks the program ${listed}`
}

/** Strangers write the log: on a line of any length the patterns above would take seconds. */
function cutLines(log: string): string {
  return log.replace(LONG_LINE, '$1')
}

/** Whether programs ran into the end of the work tree. */
export function findDiskFull(log: string): boolean {
  return /No space left on device/.test(log)
}

function firstMatch(patterns: readonly RegExp[], text: string): string | undefined {
  for (const pattern of patterns) {
    const found = pattern.exec(text)?.[1]
    if (found) return found
  }
  return undefined
}

function readDependencies(lines: string): string[] {
  const names = lines.split('\n').map((line) => line.replace(/ is needed by .*$/, '').trim())
  return [...new Set(names.filter((name) => name !== ''))]
}
