import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rmdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { NODE_THREADS } from './command.ts'
import type { Limits } from './sandbox.ts'

/** The group of one task: the kernel holds its memory and processes as a sum. */
export interface ControlGroup {
  /** The file into which the first process writes itself; all it starts belongs to the group. */
  procs: string
  /** Whether the kernel ended it for its memory. */
  ranOutOfMemory(): Promise<boolean>
  /** Ends what is left in it, and removes it. */
  remove(): Promise<void>
}

export interface ControlGroups {
  make(name: string, limits: Limits): Promise<ControlGroup>
}

/** What is asked of the machine; a test has its own. */
export interface System {
  /** Where control groups are mounted. */
  mount: string
  /** Text of /proc/self/cgroup. */
  own(): Promise<string>
  /** Whether systemd has handed the unit's group over (`Delegate=yes`). */
  isDelegated(unit: string): Promise<boolean>
  mkdir(dir: string): Promise<unknown>
}

const SYSTEM: System = {
  mount: '/sys/fs/cgroup',
  own: () => readFile('/proc/self/cgroup', 'utf8'),
  isDelegated,
  mkdir: (dir) => mkdir(dir),
}

async function isDelegated(unit: string): Promise<boolean> {
  const scope = process.getuid?.() === 0 ? [] : ['--user']
  const show = (args: string[]) =>
    promisify(execFile)('systemctl', [...args, 'show', '--property=Delegate', '--value', unit])
  for (const args of [scope, []]) {
    const found = await show(args).catch(() => undefined)
    if (found?.stdout.trim() === 'yes') return true
  }
  return false
}

/**
 * The control groups that tasks can be put into: version 2, below a unit that systemd has handed over to us. A group that
 * somebody else manages (a login, a container engine, a CI runner) is left alone, even where its folder can be written
 * to: its owner counts on finding all processes in it.
 *
 * @returns undefined where there is none; rlimits and the watchdog hold then
 */
export async function findControlGroups(system = SYSTEM): Promise<ControlGroups | undefined> {
  const path = /^0::(\/.*)$/m.exec(await system.own().catch(() => ''))?.[1]
  const [, unitPath, unit] = /^(.*\/([^/]+\.(?:service|scope)))(?:\/|$)/.exec(path ?? '') ?? []
  if (path === undefined || unitPath === undefined || unit === undefined) return undefined
  const base = join(system.mount, unitPath)
  const controllers = await readFile(join(base, 'cgroup.controllers'), 'utf8').catch(() => '')
  const has = controllers.trim().split(' ')
  if (!has.includes('memory') || !has.includes('pids') || !(await system.isDelegated(unit))) return undefined
  try {
    await makeRoom(system, base)
    return { make: (name, limits) => makeGroup(system, join(base, `packit-${name}`), limits) }
  } catch {
    // handed over, but not to this account
    return undefined
  }
}

/** A group that has groups with limits below it may hold no processes itself: ours move into one beside them. */
async function makeRoom(system: System, base: string): Promise<void> {
  const service = join(base, 'packit-service')
  if (!existsSync(service)) await system.mkdir(service)
  // on a plain folder that only looks like a control group, mkdir makes nothing inside
  if (!existsSync(join(service, 'cgroup.procs'))) throw new Error(`${service} is not a control group`)
  const pids = (await readFile(join(base, 'cgroup.procs'), 'utf8')).split('\n').filter((pid) => pid !== '')
  for (const pid of pids) await writeFile(join(service, 'cgroup.procs'), pid)
  await writeFile(join(base, 'cgroup.subtree_control'), '+memory +pids')
}

async function makeGroup(system: System, dir: string, limits: Limits): Promise<ControlGroup> {
  await system.mkdir(dir)
  await writeFile(join(dir, 'memory.max'), String(limits.memoryBytes))
  await writeFile(join(dir, 'memory.oom.group'), '1')
  // bubblewrap's own two, and the threads of our program
  await writeFile(join(dir, 'pids.max'), String(limits.processes + NODE_THREADS + 2))
  // not there without swap
  await writeFile(join(dir, 'memory.swap.max'), '0').catch(() => {})
  return {
    procs: join(dir, 'cgroup.procs'),
    async ranOutOfMemory() {
      const events = await readFile(join(dir, 'memory.events'), 'utf8').catch(() => '')
      return /^oom_kill [1-9]/m.test(events)
    },
    remove: () => removeGroup(dir),
  }
}

async function removeGroup(dir: string): Promise<void> {
  await writeFile(join(dir, 'cgroup.kill'), '1').catch(() => {})
  for (let attempt = 0; attempt < 50; attempt++) {
    const gone = await rmdir(dir).then(
      () => true,
      (error: NodeJS.ErrnoException) => error.code === 'ENOENT',
    )
    if (gone) return
    await sleep(20)
  }
}
