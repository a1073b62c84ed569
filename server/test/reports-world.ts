// A service whose projects live on a forge in memory, for stories about what that forge shows.
import { setTimeout as sleep } from 'node:timers/promises'
import { type CheckRow, listChecks } from '../src/db/events.ts'
import type { ReportDeps, ReportTiming } from '../src/reports/deps.ts'
import { MemoryForge } from './memory-forge.ts'
import { createWorld, type World, type WorldOptions } from './world.ts'

/** Short, so that stories needn't wait. */
export const TIMING: ReportTiming = { spacingMs: 50, claimMs: 2000 }

export interface ReportsWorld extends AsyncDisposable {
  world: World
  forge: MemoryForge
  deps: ReportDeps
  /** The checks of an event. */
  rows(eventId?: number): Promise<CheckRow[]>
  /** Waits until the forge shows all that is wanted, and nothing is left to do. */
  shown(timeoutMs?: number): Promise<void>
}

export async function createReportsWorld(options: WorldOptions = {}): Promise<ReportsWorld> {
  const forge = new MemoryForge()
  const findForge = (host: string) => (host === 'localhost' ? forge : undefined)
  const timing = { ...TIMING, ...options.reportTiming }
  const world = await createWorld({ findForge, allowed: ['localhost'], ...options, reportTiming: timing })
  const { database, queue, config } = world.service
  const deps: ReportDeps = {
    database,
    queue,
    findForge,
    now: () => new Date(),
    isShadow: config.isShadow,
    publicUrl: 'https://packit.example',
    timing,
  }
  const rows = async (eventId?: number) => {
    const events = await database.db.query.projectEvents.findMany({ orderBy: (row, { asc }) => asc(row.id) })
    const ids = eventId === undefined ? events.map((event) => event.id) : [eventId]
    return (await Promise.all(ids.map((id) => listChecks(database.db, id)))).flat()
  }
  return {
    world,
    forge,
    deps,
    rows,
    async shown(timeoutMs = 60_000) {
      const end = Date.now() + timeoutMs
      for (;;) {
        await world.settle(timeoutMs)
        const left = (await rows()).filter((row) => row.shownVersion < row.version)
        const posts = await database.db.query.posts.findMany()
        if (left.length === 0 && posts.every((post) => post.state !== 'waiting')) return
        if (Date.now() > end) throw new Error(`not shown: ${JSON.stringify(left)}`)
        await sleep(30)
      }
    },
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  }
}
