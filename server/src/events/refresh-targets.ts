import type { Database } from '../db/database.ts'
import { findTargetLists, writeTargetLists } from '../db/targets.ts'
import { makeTargetTable, newerLists, type TargetLists } from '../domain/target-table.ts'
import type { Targets, TargetTable } from '../domain/targets.ts'
import type { JobContext } from '../jobs/queue.ts'

/** What keeps the table of targets up to date. */
export interface TargetDeps {
  database: Database
  /** What is in force while nothing else was read. */
  builtIn: TargetLists
  /** Asks the sources; throws `UnavailableError`. `undefined` = switched off. */
  readLists: ((known: TargetLists, now: Date, signal?: AbortSignal) => Promise<TargetLists>) | undefined
  /** The Copr whose chroots are asked for; undefined: Fedora's. */
  copr: string | undefined
  /** Keeps a copy for programs that must not open the database. */
  keepCopy: (lists: TargetLists) => Promise<void>
  now: () => Date
}

/** Younger lists are not read again: several processes start, and each asks for it. */
const FRESH_MS = 20 * 60 * 60_000

/** Reads the lists of targets anew, unless that was done less than a day ago. When it fails, those in force stay. */
export async function refreshTargets(deps: TargetDeps, { signal }: Partial<JobContext> = {}): Promise<void> {
  const { readLists, now } = deps
  if (!readLists) return
  const known = await findTargetLists(deps.database.db)
  const ageMs = known ? now().getTime() - Date.parse(known.readAt) : Number.POSITIVE_INFINITY
  // of another Copr's nothing is fresh
  if (known?.copr === deps.copr && ageMs >= 0 && ageMs < FRESH_MS) return
  await readNow(deps, signal)
}

/** Reads the lists, however old those in force are. */
export async function readNow(deps: TargetDeps, signal?: AbortSignal): Promise<TargetLists | undefined> {
  const { database, builtIn, readLists, keepCopy, now } = deps
  if (!readLists) return undefined
  const known = newerLists(await findTargetLists(database.db), builtIn)
  const lists = await readLists(known, now(), signal)
  await writeTargetLists(database.db, lists)
  await keepCopy(lists)
  return lists
}

const REREAD_MS = 60_000

/** The table in force, looked up at most once a minute: another process may have read newer lists. */
export function createTargets({ database, builtIn, now }: Pick<TargetDeps, 'database' | 'builtIn' | 'now'>): Targets {
  let known: { table: Promise<TargetTable>; at: number } | undefined
  return {
    current() {
      const at = now().getTime()
      if (known && at >= known.at && at - known.at < REREAD_MS) return known.table
      const table = findTargetLists(database.db).then((stored) => makeTargetTable(newerLists(stored, builtIn)))
      known = { table, at }
      // the next one asks again
      table.catch(() => {
        known = undefined
      })
      return table
    },
  }
}
