import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, constants, lstatSync, openSync, rmSync } from 'node:fs'
import { Socket } from 'node:net'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { setTimeout as setTimer } from 'node:timers/promises'
import { promisify } from 'node:util'
import { SetupError } from '../domain/errors.ts'
import { type Cell, commandOf } from './command.ts'
import type { ControlGroup } from './control-group.ts'
import { createConversation } from './conversation.ts'
import { findInheritable } from './inside/descriptors.ts'
import { ProtocolError } from './inside/frames.ts'
import { findTree, isAlive, killTree } from './process-tree.ts'
import type { SandboxEnd, SandboxResult, SandboxTask } from './sandbox.ts'
import { explainStart } from './start-problem.ts'
import { sized, startWatchdog } from './watchdog.ts'

/** How long a program may go on after it gave its result, and its pipes after it was ended. */
const GRACE_MS = 2_000

/**
 * Runs one task in one sandbox, until it ends or is ended.
 *
 * @param place  `group` is the cell's control group; `runDir` is a folder of this run alone, on the host; `onDone` is called when nothing writes to it any more
 * @throws {SetupError} when bubblewrap can't make the sandbox
 */
export async function execute(
  cell: Cell,
  task: SandboxTask,
  { runDir, group, onDone }: { runDir: string; group: ControlGroup | undefined; onDone: () => Promise<void> },
): Promise<SandboxResult> {
  const log = createLog(task, (why) => stop('log-limit', why))
  const pipe = await openLogPipe(runDir)
  const startedAt = performance.now()
  const child = start(cell, pipe.writeEnd)
  const stopped: { end?: SandboxEnd } = {}
  let init: number | undefined
  const conversation = createConversation(task, cell.fetched, {
    begin: () => {
      init = findInit(child)
    },
    finish: () => setTimeout(kill, GRACE_MS).unref(),
  })

  function kill(): void {
    if (child.pid !== undefined) killTree(child.pid)
  }
  function stop(end: SandboxEnd, why: string): void {
    if (stopped.end || conversation.finished) return
    stopped.end = end
    kill()
    log.note(why)
  }

  pipe.readEnd.on('data', log.add)
  const guards = guard(child, task, stop)
  const talking = conversation
    .serve(child.stdio[4] as Readable, child.stdio[3] as Writable)
    .catch((error: unknown) => stop('crashed', whyBroken(error)))
  const exitCode = await ended(child, pipe.readEnd)
  guards.release()
  await talking
  await gone(init)
  if (!stopped.end && (await group?.ranOutOfMemory())) {
    stopped.end = 'out-of-memory'
    log.note(`more than ${sized(task.limits.memoryBytes)} of memory were needed`)
  }
  // a download may go on for a while: nobody waits for it
  void conversation.settled().then(onDone)
  // nothing of a stranger runs before our program says its first word, so this line is bubblewrap's own, or its helpers'
  const problem = !stopped.end && !conversation.begun && explainStart(log.firstLine())
  if (problem) throw new SetupError(problem)
  log.end()

  return {
    end: stopped.end ?? (conversation.finished ? 'finished' : 'crashed'),
    exitCode,
    output: conversation.output,
    files: conversation.files,
    durationMs: Math.round(performance.now() - startedAt),
  }
}

function whyBroken(error: unknown): string {
  if (error instanceof ProtocolError) return `the program inside broke the rules of its conversation: ${error.message}`
  return `what the program inside handed out could not be taken: ${error instanceof Error ? error.message : error}`
}

/** Clock, watchdog and abort signal. */
function guard(child: ChildProcess, task: SandboxTask, stop: (end: SandboxEnd, why: string) => void) {
  const { limits, signal } = task
  const timer = setTimeout(
    () => stop('timed-out', `the time limit of ${limits.timeMs / 1_000} s was reached`),
    limits.timeMs,
  )
  const watchdog = child.pid === undefined ? undefined : startWatchdog(child.pid, limits, stop)
  const abort = () => stop('canceled', 'canceled')
  signal?.addEventListener('abort', abort)
  if (signal?.aborted) abort()
  return {
    release() {
      clearTimeout(timer)
      watchdog?.stop()
      signal?.removeEventListener('abort', abort)
    },
  }
}

function start(cell: Cell, log: number): ChildProcess {
  const [file, ...args] = commandOf(cell, kindOf) as [string, ...string[]]
  const nothing = openSync('/dev/null', constants.O_RDWR)
  const filter = openSync(cell.callFilter ?? '/dev/null', constants.O_RDONLY)
  try {
    const own = [nothing, log, log, 'pipe' as const, 'pipe' as const, filter]
    // descriptors that aren't ours would be open inside: put nothing in their place
    const foreign = findInheritable()
    const count = Math.max(own.length, ...foreign.map((fd) => fd + 1))
    const stdio = Array.from({ length: count }, (_, fd) => own[fd] ?? (foreign.includes(fd) ? nothing : 'ignore'))
    // a session of its own: Ctrl-C in a terminal is for the service, which ends its tasks itself
    // only what finds the programs: nothing of the service's own environment
    const env = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' }
    const child = spawn(file, args, { stdio, detached: true, cwd: '/', env })
    child.on('error', () => {})
    return child
  } finally {
    closeSync(nothing)
    closeSync(filter)
    closeSync(log)
  }
}

function kindOf(dir: string): 'link' | 'folder' | 'none' {
  const found = lstatSync(dir, { throwIfNoEntry: false })
  return found?.isSymbolicLink() ? 'link' : found?.isDirectory() ? 'folder' : 'none'
}

/**
 * One pipe for standard output and error, so that their order is kept. It has a name for a moment, since Node makes
 * only sockets, on which `/dev/stdout` can't be opened.
 */
async function openLogPipe(runDir: string): Promise<{ readEnd: Socket; writeEnd: number }> {
  const path = join(runDir, 'log')
  await promisify(execFile)('mkfifo', ['-m', '622', path])
  const readFd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  const writeEnd = openSync(path, constants.O_WRONLY)
  rmSync(path)
  const readEnd = new Socket({ fd: readFd, readable: true, writable: false })
  readEnd.on('error', () => {})
  return { readEnd, writeEnd }
}

/** Waits until the process ended and its output was read; what holds the pipes open longer is left behind. */
async function ended(child: ChildProcess, log: Socket): Promise<number | null> {
  const logged = once(log, 'close')
  const [exitCode] = child.exitCode === null && child.pid !== undefined ? await once(child, 'exit') : [child.exitCode]
  const late = setTimeout(() => {
    log.destroy()
    for (const pipe of [child.stdio[3], child.stdio[4]]) pipe?.destroy()
  }, GRACE_MS)
  await logged
  clearTimeout(late)
  return exitCode
}

/** The first process of the sandbox's process namespace; bubblewrap starts no other. */
function findInit({ pid }: ChildProcess): number | undefined {
  return pid === undefined ? undefined : findTree(pid)[1]
}

/** Waits until the namespace is empty: the kernel lets its first process go last, a moment after bubblewrap itself. */
async function gone(init: number | undefined): Promise<void> {
  const giveUp = performance.now() + GRACE_MS
  while (init !== undefined && isAlive(init) && performance.now() < giveUp) await setTimer(5)
}

/** Passes the log on up to its limit. */
function createLog({ limits, onLog }: SandboxTask, onOver: (why: string) => void) {
  let bytes = 0
  let first = Buffer.alloc(0)
  let atLineStart = true
  let note = ''

  function add(chunk: Buffer): void {
    const taken = chunk.subarray(0, limits.logBytes - bytes)
    bytes += taken.length
    if (taken.length > 0) {
      if (first.length < 1_024) first = Buffer.concat([first, taken.subarray(0, 1_024)])
      atLineStart = taken.at(-1) === 0x0a
      onLog(taken)
    }
    if (taken.length < chunk.length) onOver(`the log is larger than ${sized(limits.logBytes)}`)
  }

  return {
    add,
    /** A sentence of ours that ends the log. */
    note(why: string) {
      note = why
    },
    end() {
      if (note) onLog(Buffer.from(`${atLineStart ? '' : '\n'}packit: ended: ${note}\n`))
    },
    firstLine: () => first.toString().split('\n', 1)[0] ?? '',
  }
}
