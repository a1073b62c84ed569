import { hasEnded } from '../../domain/status.ts'
import type { Storage } from '../../storage/storage.ts'
import type { FoundTest, Tester } from '../tester.ts'

interface Options {
  /** The store that all processes reach; how a test stands lies beside its log. */
  storage: Storage
  now: () => Date
  /** How often a process says that it still runs a test. */
  beatMs?: number
  /** Who has not said so for so long is dead: the test is lost, and made anew. */
  silenceMs?: number
  onError?: (error: unknown) => void
}

interface Kept {
  found: FoundTest
  /** When its process last said so, in milliseconds since 1970. */
  at: number
}

const stateKey = (requestId: string) => `tests/${requestId}/state.json`
const cancelKey = (requestId: string) => `tests/${requestId}/cancel`

/**
 * The tester of this machine among those of others: a test belongs to the process that runs it, and all others know by the
 * store how it stands.
 */
export function shareTester(inner: Tester, options: Options): Tester {
  const { storage, now, beatMs = 5000, silenceMs = 20_000, onError = () => {} } = options
  const own = new Set<string>()
  const anywhere = { isInternal: false }
  let timer: NodeJS.Timeout | undefined
  let writing = Promise.resolve()

  /** One after the other: what is older must not be written last. */
  function write(requestId: string): Promise<void> {
    const done = writing.then(() => writeNow(requestId))
    writing = done.catch(() => {})
    return done
  }

  async function writeNow(requestId: string): Promise<void> {
    const found = await inner.findTest(requestId, anywhere)
    if (!found) return
    const kept: Kept = { found, at: now().getTime() }
    await storage.put(stateKey(requestId), JSON.stringify(kept))
    if (hasEnded(found.state)) end(requestId)
  }

  function end(requestId: string): void {
    own.delete(requestId)
    if (own.size === 0) clearInterval(timer)
  }

  async function beat(): Promise<void> {
    for (const requestId of own) {
      if (await storage.range(cancelKey(requestId), 0, 0)) await inner.cancelTest(requestId, anywhere)
      await write(requestId)
    }
  }

  function begin(requestId: string): void {
    if (own.size === 0) timer = setInterval(() => void beat().catch(onError), beatMs).unref()
    own.add(requestId)
  }

  async function read(requestId: string): Promise<FoundTest | undefined> {
    const stored = await storage.read(stateKey(requestId))
    if (!stored) return undefined
    const { found, at } = JSON.parse(Buffer.concat(await stored.stream.toArray()).toString()) as Kept
    if (!hasEnded(found.state) && now().getTime() - at >= silenceMs) return undefined
    return { ...found, startedAt: toDate(found.startedAt), endedAt: toDate(found.endedAt) }
  }

  inner.onChange((requestId) => void write(requestId).catch(onError))
  return {
    name: inner.name,
    findProblem: (test) => inner.findProblem(test),
    async startTest(test) {
      const requestId = await inner.startTest(test)
      begin(requestId)
      await write(requestId)
      return requestId
    },
    findTest: async (requestId, where) => (await inner.findTest(requestId, where)) ?? read(requestId),
    async cancelTest(requestId, where) {
      if (await inner.findTest(requestId, where)) await inner.cancelTest(requestId, where)
      else if (await read(requestId)) await storage.put(cancelKey(requestId), '')
    },
    onChange: (listener) => inner.onChange(listener),
  }
}

/** JSON knows no instants. */
function toDate(value: Date | string | null): Date | null {
  return value === null ? null : new Date(value)
}
