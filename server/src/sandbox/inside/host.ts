/**
 * What a program inside the sandbox says to the host, and hears from it, over descriptors 3 (in) and 4 (out). Node marks
 * both close-on-exec when it starts, so programs started from here don't inherit them.
 */

import { once } from 'node:events'
import { closeSync, constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { Socket } from 'node:net'
import { findInheritable } from './descriptors.ts'
import { encodeData, encodeMessage, FRAME_BYTES, FrameReader } from './frames.ts'

// what the sandbox was started with above our own belongs to nobody here
for (const fd of findInheritable()) if (fd > 4) closeSync(fd)

const incoming = new Socket({ fd: 3, readable: true, writable: false })
const outgoing = new Socket({ fd: 4, readable: false, writable: true })
const reader = new FrameReader()

type Reply = { id: number; ok?: unknown; error?: string }
const waiting = new Map<number, { resolve: (ok: unknown) => void; reject: (error: Error) => void }>()
let lastId = 0
const input = Promise.withResolvers<unknown>()

incoming.on('data', (chunk: Buffer) => {
  for (const frame of reader.push(chunk))
    if (frame.kind === 'message') receive(frame.value as Reply | { input: unknown })
})
// only a request that waits for its answer keeps this process alive
incoming.unref()
outgoing.unref()

outgoing.write(encodeMessage({ kind: 'begin' }))

function receive(message: Reply | { input: unknown }): void {
  if ('input' in message) {
    input.resolve(message.input)
    return
  }
  const request = waiting.get(message.id)
  waiting.delete(message.id)
  if (message.error === undefined) request?.resolve(message.ok)
  else request?.reject(new Error(message.error))
  if (waiting.size === 0) incoming.unref()
}

function ask(message: Record<string, unknown>): Promise<unknown> {
  const id = ++lastId
  const answer = new Promise<unknown>((resolve, reject) => waiting.set(id, { resolve, reject }))
  incoming.ref()
  outgoing.write(encodeMessage({ ...message, id }))
  return answer
}

/** What the host gave the task as `input`. */
export async function readInput(): Promise<unknown> {
  incoming.ref()
  const value = await input.promise
  if (waiting.size === 0) incoming.unref()
  return value
}

/** Tells the host how far the work is; plain JSON. */
export function progress(value: unknown): void {
  outgoing.write(encodeMessage({ kind: 'progress', value }))
}

/**
 * Has the host download a URL.
 *
 * @returns the path inside that holds it, read-only
 * @throws {Error} with the host's message when it won't, or can't
 */
export async function fetchInto(url: string): Promise<string> {
  return (await ask({ kind: 'fetch', url })) as string
}

/**
 * Hands a regular file out under a name of the task's list.
 *
 * @throws {Error} when `path` is a link or anything but a regular file, or the host refuses the name or the size
 */
export async function sendFile(name: string, path: string): Promise<void> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  try {
    if (!(await file.stat()).isFile()) throw new Error(`${path} is not a regular file`)
    await ask({ kind: 'file', name })
    for (;;) {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(FRAME_BYTES.data), 0, FRAME_BYTES.data)
      if (bytesRead === 0) break
      if (!outgoing.write(encodeData(buffer.subarray(0, bytesRead)))) await drained()
    }
    await ask({ kind: 'file-end' })
  } finally {
    await file.close()
  }
}

async function drained(): Promise<void> {
  outgoing.ref()
  await once(outgoing, 'drain')
  outgoing.unref()
}

/** Ends the program with its result; the host ends what still runs inside. */
export async function finish(output: unknown): Promise<never> {
  outgoing.ref()
  await new Promise<void>((resolve) => outgoing.write(encodeMessage({ kind: 'finish', output }), () => resolve()))
  process.exit(0)
}
