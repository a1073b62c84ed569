import { readdirSync, readFileSync } from 'node:fs'

/** O_CLOEXEC as /proc prints flags: octal (fs/proc/fd.c). */
const CLOSE_ON_EXEC = 0o2000000

/**
 * Descriptors above 2 that a started program would inherit. Node opens its own close-on-exec; these came from whoever
 * started this process, and bubblewrap would pass them on.
 */
export function findInheritable(): number[] {
  return readdirSync('/proc/self/fd')
    .map(Number)
    .filter((fd) => fd > 2 && isInheritable(fd))
}

function isInheritable(fd: number): boolean {
  try {
    const flags = /^flags:\s*([0-7]+)/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'))?.[1]
    return flags !== undefined && (Number.parseInt(flags, 8) & CLOSE_ON_EXEC) === 0
  } catch {
    // the one that listed the folder, closed by now
    return false
  }
}
