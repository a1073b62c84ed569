import { readdirSync, readFileSync } from 'node:fs'

/** The process and all that descend from it, the process first; those that ended meanwhile are left out. */
export function findTree(root: number): number[] {
  const children = new Map<number, number[]>()
  for (const name of readdirSync('/proc')) {
    const parent = /^\d+$/.test(name) ? parentOf(name) : undefined
    if (parent === undefined) continue
    const siblings = children.get(parent)
    if (siblings) siblings.push(Number(name))
    else children.set(parent, [Number(name)])
  }
  const tree = [root]
  for (const pid of tree) tree.push(...(children.get(pid) ?? []))
  return tree
}

/**
 * Ends a whole tree at once, and the process group of its root: a child that is made while the tree is looked at is not in it,
 * and would be left behind; a bubblewrap that is killed as it begins leaves one that waits for ever.
 */
export function killTree(root: number): void {
  for (const pid of [...findTree(root), -root]) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // it ended by itself
    }
  }
}

function parentOf(pid: string): number | undefined {
  const stat = readProc(`/proc/${pid}/stat`)
  // the name in parentheses may hold anything; state and parent come after the last one
  return stat === undefined ? undefined : Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
}

/** Whether a process is there and not just waiting to be reaped. */
export function isAlive(pid: number): boolean {
  const stat = readProc(`/proc/${pid}/stat`)
  return stat !== undefined && !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2))
}

/** A file of /proc; undefined when its process has ended, or isn't ours to look at. */
export function readProc(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
