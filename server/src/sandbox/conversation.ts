import { constants } from 'node:fs'
import { chmod, type FileHandle, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { encodeMessage, type Frame, FrameReader, ProtocolError } from './inside/frames.ts'
import type { OutFile, SandboxTask } from './sandbox.ts'

/** What one task may ask for in all; honest programs stay far below. */
const MAX = {
  progress: 20_000,
  requests: 10_000,
  fetches: 200,
  files: 2_000,
  nameLength: 255,
  urlLength: 4_096,
} as const

export interface Conversation {
  /**
   * Serves the program until its side is closed.
   *
   * @throws {ProtocolError} when it doesn't keep to the protocol, or a callback of the task refuses what it says
   */
  serve(incoming: Readable, outgoing: Writable): Promise<void>
  readonly files: OutFile[]
  /** Whether the program has said anything at all: before that, nothing of a stranger has run. */
  readonly begun: boolean
  readonly finished: boolean
  readonly output: unknown
  /** Resolves when no download writes into the folder any more. */
  settled(): Promise<void>
}

/**
 * The host's side of the protocol with one sandboxed program. Everything it hears is hostile: names, lengths and order
 * are checked, and files are written by the host, so that it never opens a path of the work tree.
 *
 * @param fetchedDir  folder on the host that the program sees as `/in/fetched`
 * @param on          called once each: when the program says its first word, and when it gave its result
 */
export function createConversation(
  task: SandboxTask,
  fetchedDir: string,
  on: { begin: () => void; finish: () => void },
): Conversation {
  const results = createResults(task)
  const fetches = createFetches(task, fetchedDir)
  const state = { begun: false, finished: false, output: undefined as unknown, progress: 0, requests: 0 }

  async function receive(frame: Frame, reply: (message: unknown) => void): Promise<void> {
    if (!state.begun) on.begin()
    state.begun = true
    if (state.finished) return
    if (frame.kind === 'data') return results.write(frame.bytes)
    const message = toMessage(frame.value)
    if (message.kind === 'begin') return
    if (message.kind === 'progress') return tell(message.value)
    if (message.kind === 'finish') {
      state.finished = true
      state.output = message.output
      return on.finish()
    }
    const id = toId(message.id)
    // each has an answer, which waits here until the program reads it
    if (++state.requests > MAX.requests) throw new ProtocolError(`more than ${MAX.requests} requests`)
    if (message.kind === 'file') return reply({ id, ...(await results.open(message.name)) })
    if (message.kind === 'file-end') return reply({ id, ...(await results.close()) })
    if (message.kind === 'fetch') return fetches.start(message.url, (answer) => reply({ id, ...answer }))
    throw new ProtocolError(`a message of the unknown kind ${JSON.stringify(message.kind)?.slice(0, 40)}`)
  }

  function tell(value: unknown): void {
    if (++state.progress > MAX.progress) throw new ProtocolError(`more than ${MAX.progress} progress messages`)
    try {
      task.onProgress?.(value)
    } catch (error) {
      throw new ProtocolError(`a progress message that was not understood: ${messageOf(error)}`, { cause: error })
    }
  }

  async function serve(incoming: Readable, outgoing: Writable): Promise<void> {
    const reader = new FrameReader()
    // the program may end without having read its answers
    outgoing.on('error', () => {})
    const reply = (message: unknown) => void (outgoing.writable && outgoing.write(encodeMessage(message)))
    try {
      reply({ input: task.input })
      for await (const chunk of incoming) for (const frame of reader.push(chunk)) await receive(frame, reply)
    } finally {
      await results.abandon()
    }
  }

  return {
    serve,
    files: results.files,
    get begun() {
      return state.begun
    },
    get finished() {
      return state.finished
    },
    get output() {
      return state.output
    },
    settled: fetches.settled,
  }
}

type Answer = { ok: unknown } | { error: string }

/** Takes handed-out files, one at a time. */
function createResults(task: SandboxTask) {
  const files: OutFile[] = []
  const rules = task.results.map(({ name, maxBytes }) => ({ name: wholeOf(name), maxBytes }))
  const taken = new Set<string>()
  let total = 0
  let current:
    | { name: string; path: string; handle: FileHandle; bytes: number; maxBytes: number; over: boolean }
    | undefined

  async function openNext(name: unknown): Promise<Answer> {
    if (current) throw new ProtocolError('a file begun before the last one ended')
    if (typeof name !== 'string' || !isPlainName(name)) return { error: `not a file name: ${shown(name)}` }
    const rule = rules.find((r) => r.name.test(name))
    if (!rule) return { error: `${shown(name)} is not among the files that this step hands out` }
    if (taken.has(name)) return { error: `${shown(name)} was handed out before` }
    if (taken.size >= MAX.files) return { error: `more than ${MAX.files} files` }
    taken.add(name)
    const path = join(task.resultsDir, name)
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW
    current = { name, path, handle: await open(path, flags, 0o644), bytes: 0, maxBytes: rule.maxBytes, over: false }
    return { ok: true }
  }

  async function write(bytes: Buffer): Promise<void> {
    if (!current) throw new ProtocolError('data that belongs to no file')
    current.bytes += bytes.length
    total += bytes.length
    // no honest program has more to give than its work tree holds
    current.over ||= current.bytes > current.maxBytes || total > task.limits.diskBytes
    if (!current.over) await current.handle.writeFile(bytes)
  }

  async function close(): Promise<Answer> {
    if (!current) throw new ProtocolError('the end of a file that was not begun')
    const { name, path, bytes, maxBytes, over } = current
    if (over) {
      await abandon()
      return { error: `${shown(name)} has ${bytes} bytes; at most ${maxBytes} are taken` }
    }
    await current.handle.close()
    current = undefined
    files.push({ name, path, bytes })
    return { ok: true }
  }

  async function abandon(): Promise<void> {
    if (!current) return
    const { handle, path } = current
    current = undefined
    await handle.close()
    await rm(path, { force: true })
  }

  return { files, open: openNext, write, close, abandon }
}

/** Passes wishes for downloads on; each lands in a file of its own. */
function createFetches(task: SandboxTask, dir: string) {
  const running = new Set<Promise<void>>()
  let count = 0

  async function fetchOne(url: unknown): Promise<Answer> {
    if (typeof url !== 'string' || url.length > MAX.urlLength) return { error: `not a URL: ${shown(url)}` }
    if (++count > MAX.fetches) return { error: `more than ${MAX.fetches} downloads` }
    if (!task.onFetch) return { error: 'this step may not download anything' }
    const name = String(count)
    try {
      await task.onFetch(url, join(dir, name))
      // readable for the sandbox's account, whatever the service's umask
      await chmod(join(dir, name), 0o644)
      return { ok: `/in/fetched/${name}` }
    } catch (error) {
      return { error: messageOf(error) }
    }
  }

  function start(url: unknown, answer: (answer: Answer) => void): void {
    const fetching = fetchOne(url)
      .then(answer)
      .finally(() => running.delete(fetching))
    running.add(fetching)
  }

  return { start, settled: async () => void (await Promise.all(running)) }
}

function toMessage(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ProtocolError('a message that is no object')
  return value as Record<string, unknown>
}

function toId(id: unknown): number {
  if (typeof id !== 'number' || !Number.isSafeInteger(id) || id < 0)
    throw new ProtocolError('a request without a number')
  return id
}

function isPlainName(name: string): boolean {
  return name.length > 0 && name.length <= MAX.nameLength && !/[/\0]/.test(name) && name !== '.' && name !== '..'
}

/** The pattern for the whole name, without flags that keep state between calls. */
function wholeOf(pattern: RegExp): RegExp {
  return new RegExp(`^(?:${pattern.source})$`, pattern.flags.replace(/[gym]/g, ''))
}

function shown(value: unknown): string {
  return (JSON.stringify(value) ?? 'nothing').slice(0, 120)
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
