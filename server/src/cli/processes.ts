import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import type { Logger } from 'pino'
import type { Database } from '../db/database.ts'
import {
  addProcess,
  forgetProcesses,
  listProcesses,
  type NewProcess,
  type ProcessDetails,
  type ProcessRow,
  removeProcess,
  touchProcess,
} from '../db/processes.ts'
import { SetupError } from '../domain/errors.ts'
import type { Storage } from '../storage/storage.ts'
import { version } from './version.ts'

/** What a process does: everything, or its part where there are several. */
export type Role = 'serve' | 'web' | 'worker'

export const TOUCH_MS = 4000

/** The processes of an installation; with the embedded database it is this one alone. */
export interface Processes {
  readonly id: string
  /**
   * Does what a start has to do, where no other one that works lived when this one began: at once, or as soon as those that
   * were believed to live turn out to have been dead.
   */
  whenFirst(work: () => Promise<void>): Promise<void>
  /** As they were known a moment ago, this one included. */
  list(): Promise<ProcessRow[]>
  /** How many sandboxes all of them run at a time. */
  slots(): number
  /** What the others shall know of this one. */
  describe(details: ProcessDetails): void
  /** Called every few seconds. */
  onTick(work: () => Promise<void>): void
  leave(): Promise<void>
}

interface Options {
  role: Role
  slots: number
  storage: Storage
  log: Logger
}

const markerOf = (id: string) => `processes/${id}`

/**
 * Makes this process known to the others.
 *
 * @throws {SetupError} when it keeps logs and packages elsewhere than they do
 */
export async function joinProcesses(database: Database, { role, slots, storage, log }: Options): Promise<Processes> {
  const self: NewProcess = { id: randomUUID(), role, host: hostname(), pid: process.pid, version, slots }
  if (database.kind === 'embedded') return aloneAs(self)
  // what they look for is there before they can know of it
  await storage.put(markerOf(self.id), `${self.host} ${self.pid}\n`)
  const others = await addProcess(database, self)
  const stranger = await findStranger(others, storage)
  if (stranger) {
    await removeProcess(database.db, self.id)
    await storage.delete(markerOf(self.id))
    throw new SetupError(describeStranger(stranger))
  }
  return follow(database, self, others, { storage, log })
}

async function findStranger(others: readonly ProcessRow[], storage: Storage): Promise<ProcessRow | undefined> {
  for (const other of others) {
    if (!(await storage.range(markerOf(other.id), 0, 0))) return other
  }
  return undefined
}

function describeStranger({ role, host, pid }: ProcessRow): string {
  return (
    `the ${role} process ${pid} on ${host} uses the same database, but keeps logs and packages elsewhere. ` +
    'All processes need one store: set PACKIT_STORAGE_URL to the same shared folder or bucket for each of them.'
  )
}

function aloneAs(self: NewProcess): Processes {
  let details: ProcessDetails = { builder: null, sandbox: null }
  const startedAt = new Date()
  return {
    id: self.id,
    whenFirst: (work) => work(),
    list: async () => [{ ...self, details, startedAt, seenAt: new Date() }],
    slots: () => self.slots,
    describe: (found) => {
      details = found
    },
    onTick: () => {},
    leave: async () => {},
  }
}

function follow(
  database: Database,
  self: NewProcess,
  others: ProcessRow[],
  { storage, log }: Pick<Options, 'storage' | 'log'>,
): Processes {
  const { db } = database
  let details: ProcessDetails = { builder: null, sandbox: null }
  let slots = sumSlots([...others, self])
  const works: (() => Promise<void>)[] = []
  let undecided: ((living: readonly ProcessRow[]) => Promise<void>) | undefined
  let ticking: Promise<void> | undefined

  async function tick(): Promise<void> {
    await touchProcess(db, { ...self, details })
    const living = await listProcesses(db)
    slots = sumSlots(living)
    await undecided?.(living)
    for (const id of await forgetProcesses(db)) await storage.delete(markerOf(id))
    for (const work of works) await work()
  }

  const beat = () => {
    ticking ??= tick()
      .catch((err) => log.error({ err }, 'what this process has to tell the others was not told'))
      .finally(() => {
        ticking = undefined
      })
  }
  const timer = setInterval(beat, TOUCH_MS).unref()
  return {
    id: self.id,
    async whenFirst(work) {
      const isFirst = createFirstJudge(others)
      const decide = async (living: readonly ProcessRow[]) => {
        const verdict = isFirst(living)
        if (verdict) await work()
        undecided = verdict === undefined ? decide : undefined
      }
      await decide(others)
    },
    list: () => listProcesses(db),
    slots: () => slots,
    describe(found) {
      details = found
      beat()
    },
    onTick: (work) => void works.push(work),
    async leave() {
      clearInterval(timer)
      await ticking
      // the row first: who sees it looks for the marker
      await removeProcess(db, self.id)
      await storage.delete(markerOf(self.id))
    },
  }
}

/**
 * Whether one that begins is the first that works. Who is killed is believed to live for a while: those that are never heard of
 * again were dead already.
 *
 * @param others  those that were believed to live when it began
 * @returns told who is believed to live now, `undefined` as long as that can't be known
 */
export function createFirstJudge(
  others: readonly ProcessRow[],
): (living: readonly Pick<ProcessRow, 'id' | 'seenAt'>[]) => boolean | undefined {
  const before = new Map(others.filter(({ role }) => role !== 'web').map(({ id, seenAt }) => [id, seenAt.getTime()]))
  return (living) => {
    const left = living.filter(({ id }) => before.has(id))
    if (left.length === 0) return true
    return left.some(({ id, seenAt }) => seenAt.getTime() > (before.get(id) ?? 0)) ? false : undefined
  }
}

/** One that only answers builds nothing; where none builds yet, one will. */
function sumSlots(all: readonly Pick<ProcessRow, 'slots'>[]): number {
  return Math.max(
    1,
    all.reduce((sum, { slots }) => sum + slots, 0),
  )
}
