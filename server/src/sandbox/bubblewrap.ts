import { chmod, mkdir, realpath, rm } from 'node:fs/promises'
import { basename, isAbsolute, join, relative, resolve } from 'node:path'
import { type Account, findAccount } from './accounts.ts'
import type { Cell } from './command.ts'
import { type ControlGroups, findControlGroups } from './control-group.ts'
import { describeSandbox } from './describe.ts'
import { execute } from './execute.ts'
import type { Sandbox, SandboxResult, SandboxTask } from './sandbox.ts'
import { createSlots } from './slots.ts'
import { makeReachable, makeRunDir, makeWorkArea, type WorkArea } from './staging.ts'

export interface SandboxOptions {
  /** How many tasks run at a time; started as root, each such slot needs an account. */
  parallel: number
  /** Where copies for other accounts are made; without one /var/tmp for root, else the system's folder. */
  workDir?: string
  /** Accounts are named by this and the slot's number; only used as root. */
  accountPrefix?: string
  /** The Node that runs the programs inside. */
  node?: string
}

/** The folder of the server: programs inside are named relative to it. */
const SERVER = resolve(import.meta.dirname, '../..')
/** What programs inside may import besides their own folder `inside`; nothing else of the service is visible. */
const SERVER_PARTS = ['package.json', 'src/domain', 'src/sandbox/inside'] as const

/** A sandbox of bubblewrap and user namespaces, as docs/security.md describes it. */
export function createSandbox(options: SandboxOptions): Sandbox & { readonly waiting: number } {
  const slots = createSlots(options.parallel)
  const prefix = options.accountPrefix ?? 'packit-build-'
  let area: Promise<WorkArea> | undefined
  let groups: Promise<ControlGroups | undefined> | undefined
  const closing = new AbortController()
  const running = new Set<Promise<SandboxResult>>()
  const reachable = new Map<string, Promise<string>>()

  /** Places of this process at which the slots' accounts can read them; found or copied once. */
  function placeOnce(path: string, name: string, account: Account | undefined, { dir }: WorkArea): Promise<string> {
    const known = reachable.get(path)
    if (known) return known
    const placed = makeReachable(path, join(dir, name), account)
    reachable.set(path, placed)
    placed.catch(() => reachable.delete(path))
    return placed
  }

  async function furnish(
    task: SandboxTask,
    account: Account | undefined,
    here: WorkArea,
    runDir: string,
  ): Promise<Omit<Cell, 'group'>> {
    const program = relative(SERVER, task.program)
    if (program.startsWith('..') || isAbsolute(program)) throw new RangeError(`not a program of ours: ${task.program}`)
    const own = /^(.*\/inside)\//.exec(program)?.[1]
    if (!own) throw new RangeError(`a program for the sandbox lies in a folder "inside": ${task.program}`)
    const serverParts: Record<string, string> = {}
    for (const part of new Set([...SERVER_PARTS, own])) {
      serverParts[part] = await placeOnce(join(SERVER, part), part.replaceAll('/', '-'), account, here)
    }
    const mounts: Record<string, string> = {}
    for (const [inside, path] of Object.entries(task.mounts)) {
      mounts[inside] = await makeReachable(path, join(runDir, `mount-${Object.keys(mounts).length}`), account)
    }
    const node = await placeOnce(await realpath(options.node ?? process.execPath), 'node', account, here)
    const fetched = join(runDir, 'fetched')
    await mkdir(fetched)
    // whatever our umask: the account looks into it
    await chmod(fetched, 0o755)
    await mkdir(task.resultsDir, { recursive: true })
    const { limits, network, isRootInside = false } = task
    return {
      account,
      node,
      serverParts,
      program,
      etc: join(here.dir, 'etc'),
      callFilter: here.callFilter,
      fetched,
      mounts,
      limits,
      network,
      isRootInside,
    }
  }

  async function openArea(): Promise<WorkArea> {
    area ??= makeWorkArea(options.workDir)
    return area.catch((error: unknown) => {
      area = undefined
      throw error
    })
  }

  async function runInSlot(task: SandboxTask, slot: number): Promise<SandboxResult> {
    const account = await findAccount(prefix, slot)
    const here = await openArea()
    groups ??= findControlGroups()
    const runDir = await makeRunDir(here, account)
    const group = await (await groups)?.make(basename(runDir), task.limits)
    const remove = () => rm(runDir, { recursive: true, force: true })
    try {
      const cell = { ...(await furnish(task, account, here, runDir)), group: group?.procs }
      return await execute(cell, task, { runDir, group, onDone: remove })
    } catch (error) {
      await remove()
      throw error
    } finally {
      await group?.remove()
    }
  }

  async function waitAndRun(task: SandboxTask): Promise<SandboxResult> {
    const slot = await slots.take(task.signal)
    if (slot === undefined) return { end: 'canceled', exitCode: null, output: undefined, files: [], durationMs: 0 }
    try {
      return await runInSlot(task, slot)
    } finally {
      slots.free(slot)
    }
  }

  async function run(task: SandboxTask): Promise<SandboxResult> {
    const signal = AbortSignal.any([closing.signal, ...(task.signal ? [task.signal] : [])])
    const result = waitAndRun({ ...task, signal })
    running.add(result)
    return result.finally(() => running.delete(result))
  }

  return {
    run,
    async describe() {
      groups ??= findControlGroups()
      const hasGroups = (await groups) !== undefined
      return describeSandbox(run, { parallel: options.parallel, prefix, hasGroups })
    },
    async close() {
      closing.abort()
      await Promise.allSettled(running)
      const made = await area?.catch(() => undefined)
      area = undefined
      made?.remove()
    },
    get waiting() {
      return slots.waiting
    },
  }
}
