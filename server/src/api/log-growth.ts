import type { Change } from './models/service.ts'

/** Growth of logs is told at most so often. */
const EVERY_MS = 100

/**
 * Gathers notices of logs that grow, which come with every few lines, and tells the newest size of each now and then.
 *
 * @returns `onNotice` takes the payload of a NOTIFY; what it can't read is left out
 */
export function gatherLogGrowth(tell: (change: Change) => void) {
  const grown = new Map<string, Change>()
  let timer: NodeJS.Timeout | undefined
  const flush = () => {
    timer = undefined
    const changes = [...grown.values()]
    grown.clear()
    for (const change of changes) tell(change)
  }
  return {
    onNotice(payload: string) {
      const change = readGrowth(payload)
      if (!change) return
      grown.set(`${change.step} ${change.id}`, change)
      timer ??= setTimeout(flush, EVERY_MS).unref()
    },
    end: () => clearTimeout(timer),
  }
}

function readGrowth(payload: string): Change | undefined {
  let json: unknown
  try {
    json = JSON.parse(payload)
  } catch {
    return undefined
  }
  const { step, id, run, size } = (json ?? {}) as Record<string, unknown>
  if (step !== 'srpm' && step !== 'build' && step !== 'test') return undefined
  if (typeof id !== 'number' || typeof size !== 'number') return undefined
  return { kind: 'log', run: typeof run === 'number' ? run : null, id, project: null, size, step }
}
