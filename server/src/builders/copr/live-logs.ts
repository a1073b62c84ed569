import { checkTold } from '../../domain/told-address.ts'
import type { FoundTarget, LiveLogs } from '../builder.ts'
import { headBytesOf, type LogDeps } from './logs.ts'

/** Of one look at the server of results: polls wait for it. */
const TIMEOUT_MS = 5000
/** A server that did not answer is left alone so long: the log comes later, at the end at the latest. */
const QUIET_MS = 60_000
/** What is new is copied in pieces of this size, one with each look. */
const PIECE_BYTES = 2 * 2 ** 20

export interface LiveLogDeps extends LogDeps {
  now: () => Date
  timeoutMs?: number
  onError?: (error: unknown) => void
}

/**
 * Copies the logs of chroots that run, as far as they got: `builds/copr/<id>/<chroot>/live/<start>.log`. Their beginning alone,
 * where they are too long; the whole log comes at the end, under another key.
 */
export function createLiveLogs(deps: LiveLogDeps): LiveLogs {
  const { storage, now, coprUrl, timeoutMs = TIMEOUT_MS, onError = () => {} } = deps
  let quietUntil = 0

  async function copy(buildId: string, target: FoundTarget, signal: AbortSignal) {
    if (target.logsUrl === undefined) return undefined
    checkTold(target.logsUrl, coprUrl)
    // a chroot that Copr began anew has a log of its own
    const key = `${folderOf(buildId, target.chroot)}/${target.startedAt?.getTime() ?? 0}.log`
    const known = (await storage.range(key, 0, 0))?.size ?? 0
    const room = Math.min(PIECE_BYTES, headBytesOf(deps.mostBytes) - known)
    const data = room > 0 ? await fetchPiece(target.logsUrl, known, room, signal) : undefined
    const size = data && data.length > 0 ? await storage.extend(key, known, data) : known
    return size > 0 ? { chroot: target.chroot, key, size } : undefined
  }

  return {
    async copy(buildId, running) {
      if (now().getTime() < quietUntil) return []
      const signal = AbortSignal.timeout(timeoutMs)
      const copied = await Promise.all(
        running.map((target) =>
          copy(buildId, target, signal).catch((error: unknown) => {
            quietUntil = now().getTime() + QUIET_MS
            onError(error)
            return undefined
          }),
        ),
      )
      return copied.filter((log) => log !== undefined)
    },
    remove: (buildId, chroot) => storage.delete(folderOf(buildId, chroot)),
  }
}

function folderOf(buildId: string, chroot: string): string {
  return `builds/copr/${buildId}/${chroot}/live`
}

/**
 * The bytes of a growing log from an offset on; `undefined` when there is none yet, or none that can be followed: what has ended
 * is packed, and led to under another name.
 */
async function fetchPiece(
  url: string,
  start: number,
  length: number,
  signal: AbortSignal,
): Promise<Buffer | undefined> {
  const headers = { range: `bytes=${start}-${start + length - 1}`, 'accept-encoding': 'identity' }
  const response = await fetch(url, { headers, redirect: 'manual', signal })
  const { status, body } = response
  // 416: nothing is new, or it is shorter than it was
  const isNone = (status >= 300 && status < 400) || status === 404 || status === 410 || status === 416
  const isPart = status === 206 && firstByteOf(response) === start
  if (isNone || (status !== 200 && !isPart) || response.headers.has('content-encoding')) {
    await body?.cancel()
    if (isNone || status < 400) return undefined
    throw new Error(`${url} answers ${status}`)
  }
  // who knows no ranges sends it from its beginning
  const data = await readPart(body, isPart ? 0 : start, length)
  const isPacked = start === 0 && data[0] === 0x1f && data[1] === 0x8b
  return isPacked ? undefined : data
}

/** Bytes of a body; of one that breaks off, what came. */
async function readPart(body: AsyncIterable<Uint8Array> | null, skip: number, length: number): Promise<Buffer> {
  const parts: Uint8Array[] = []
  let at = 0
  try {
    for await (const part of body ?? []) {
      parts.push(part.subarray(Math.max(0, skip - at), Math.max(0, skip + length - at)))
      at += part.length
      if (at >= skip + length) break
    }
  } catch (error) {
    if (at <= skip) throw error
  }
  return Buffer.concat(parts)
}

function firstByteOf(response: Response): number | undefined {
  const found = /^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '')
  return found ? Number(found[1]) : undefined
}
