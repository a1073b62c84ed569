import type { Db } from '../db/database.ts'
import { type Durations, findDurations } from '../db/read-durations.ts'
import type { RunDetailsRow } from '../db/read-run-details.ts'
import { estimateQueue, type QueueEstimate } from '../domain/queue-estimate.ts'
import { findRemote } from '../domain/repository.ts'
import { hasEnded } from '../domain/status.ts'
import { estimateTests, type StepBefore, type TestQueue } from '../domain/test-queue.ts'
import { toState } from './shapes/status.ts'

/** When what waits of a run may begin and end. */
export interface Expectations {
  /** Left out when the run does not wait in the queue. */
  run?: QueueEstimate
  /** By the id of the tests; only of those that wait. */
  tests: ReadonlyMap<number, TestQueue>
}

type Waiting = Pick<RunDetailsRow, 'ahead' | 'srpm' | 'builds' | 'tests' | 'pipelines'>

/** By what like it took lately; the database is asked when something waits that it can say something about. */
export async function findExpectations(
  db: Db,
  details: Waiting,
  { slots, now }: { slots: number; now: Date },
): Promise<Expectations> {
  const [run] = details.pipelines
  if (!run) return { tests: new Map() }
  const isWaiting = isQueued(run, details)
  const living = details.builds.filter((build) => !hasEnded(toState(build)) && build.target !== null)
  const testsWait = details.tests.some(({ wait }) => wait && !wait.isReady)
  const targets = living.map(({ target }) => target ?? '')
  const durations = isWaiting || (testsWait && living.length > 0) ? await findDurations(db, run.id, targets) : undefined
  const expected = isWaiting && durations && estimateQueue({ ...durations, ahead: details.ahead, slots })
  const before = toStepsBefore(details, living, durations)
  const at = now.getTime() / 1000
  const tests = details.tests.flatMap(({ id, wait }) =>
    wait
      ? [
          [
            id,
            estimateTests({
              ...wait,
              ...{ now: at, slots, runStart: expected ? expected.expectedStart : at, srpm: before.srpm },
              builds: before.buildsOf(wait.buildIds),
            }),
          ] as const,
        ]
      : [],
  )
  return { ...(expected ? { run: expected } : {}), tests: new Map(tests) }
}

/** Only what still waits has a place in the queue. */
function isQueued(run: { state: string | null }, { srpm }: Waiting): boolean {
  return run.state === 'pending' && (srpm === null || toState(srpm) === 'pending')
}

function toStepsBefore(details: Waiting, living: RunDetailsRow['builds'], durations: Durations | undefined) {
  const { srpm, builds, pipelines } = details
  const waitsForSrpm = srpm !== null && !hasEnded(toState(srpm))
  const steps = new Map<number, StepBefore>(
    living.map(({ id, startedAt, away }, i) => [
      id,
      { startedAt, seconds: away ? null : (durations?.targets[i] ?? null) },
    ]),
  )
  /** Copr hands out the packages of each chroot as it is built; what is built here is published together. */
  const siblings = (id: number) => {
    const groupId = builds.find((build) => build.id === id)?.groupId
    const pipeline = pipelines.find(({ buildGroupId }) => buildGroupId !== null && buildGroupId === groupId)
    return pipeline && !findRemote(pipeline)
      ? builds.filter((build) => build.groupId === groupId).map((b) => b.id)
      : [id]
  }
  return {
    srpm: waitsForSrpm ? { startedAt: srpm.startedAt, seconds: durations?.srpm ?? null } : null,
    /** Null when one of them is of another run. */
    buildsOf(ids: readonly number[]): StepBefore[] | null {
      if (!ids.every((id) => builds.some((build) => build.id === id))) return null
      return [...new Set(ids.flatMap(siblings))].flatMap((id) => steps.get(id) ?? [])
    },
  }
}
