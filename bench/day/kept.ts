// What the service keeps of the day, and whether the systems around it hold the same.
import type { State } from '../../server/src/domain/status.ts'
import type { HeldState } from './fakes.ts'
import type { Observer } from './figures.ts'
import { type ComparedRun, findDifferences, type Outcome } from './outcomes.ts'

/** A pull request as the service keeps it. */
export interface KeptRun extends Outcome {
  /** `group-1/hello` */
  name: string
  number: number
  /** Of each run. */
  states: (State | null)[]
  /** Copr's ids of its builds. */
  buildIds: (string | null)[]
  /** Testing Farm's id of the newest request, by target. */
  requestIds: Readonly<Record<string, string | null>>
}

/** A row of `select … as what`. */
export interface KeptRow {
  what: string
}

const KEPT = `
  select pr.namespace || '/' || pr.name as name, t.number::int,
    array(select p.state from pipelines p where p.event_id = e.id and p.is_run) as states,
    coalesce((select json_object_agg(bt.target, bt.state) from build_targets bt
      join pipelines p on p.build_group_id = bt.group_id where p.event_id = e.id), '{}') as builds,
    array(select b.build_id from builds b join pipelines p on p.build_group_id = b.group_id where p.event_id = e.id) as "buildIds",
    coalesce((select json_object_agg(tt.target, tt.state) from test_targets tt
      join pipelines p on p.test_group_id = tt.group_id where p.event_id = e.id), '{}') as tests,
    coalesce((select json_object_agg(tt.target, (select tr.request_id from test_requests tr where tr.test_target_id = tt.id order by tr.id desc limit 1))
      from test_targets tt join pipelines p on p.test_group_id = tt.group_id where p.event_id = e.id), '{}') as "requestIds"
  from project_events e join triggers t on t.id = e.trigger_id join projects pr on pr.id = t.project_id`

export async function readKept(observer: Observer): Promise<KeptRun[]> {
  return observer.rows<KeptRun>(KEPT)
}

/** All that is not as it must be at the end of a day of so many pull requests, in sentences. Pure. */
export function judge(planned: number, held: HeldState, kept: readonly KeptRun[]): string[] {
  const runs = held.pulls.map((pull) => compareRun(pull, held, kept))
  return [
    ...(held.pulls.length === planned ? [] : [`${held.pulls.length} of ${planned} pull requests were opened`]),
    ...findDifferences(runs),
    ...findDoubles(held, kept),
    ...held.violations.map((violation) => `GitHub does not describe this: ${JSON.stringify(violation)}`),
  ]
}

function compareRun(pull: HeldState['pulls'][number], held: HeldState, kept: readonly KeptRun[]): ComparedRun {
  const name = `${pull.name}#${pull.number}`
  const found = kept.find((one) => one.name === pull.name && one.number === pull.number)
  const build = held.builds.find(({ id }) => found?.buildIds.includes(String(id)))
  const builds = mapValues(build?.chroots ?? {}, (state) => (build?.isCanceled ? 'canceled' : COPR[state]) ?? 'running')
  return {
    name,
    held: { builds, tests: heldTests(builds, held, found) },
    // several runs of one pull request would be a difference of their own
    kept: found && { ...found, state: found.states.length === 1 ? (found.states[0] ?? null) : null },
    shown: pull.checks,
  }
}

/** What was not built is not tested. */
function heldTests(builds: Outcome['builds'], { requests }: HeldState, kept: KeptRun | undefined): Outcome['tests'] {
  return mapValues(kept?.requestIds ?? {}, (requestId, target) => {
    const request = requests.find(({ id }) => id === requestId)
    if (request) return stateOfRequest(request)
    return builds[target] === 'canceled' ? 'canceled' : 'skipped'
  })
}

const COPR: Readonly<Record<string, State>> = {
  ...{ succeeded: 'success', forked: 'success', failed: 'failure', skipped: 'skipped', canceled: 'canceled' },
}
const FARM: Readonly<Record<string, State>> = { passed: 'success', failed: 'failure', skipped: 'skipped' }

function stateOfRequest({ state, overall }: HeldState['requests'][number]): State {
  if (state === 'canceled' || state === 'error') return state
  return state === 'complete' ? (FARM[overall ?? ''] ?? 'error') : 'running'
}

/** What was asked for more often than it must be. */
function findDoubles({ builds, requests }: HeldState, kept: readonly KeptRun[]): string[] {
  const ours = new Set(kept.flatMap(({ buildIds }) => buildIds))
  const byProject = Map.groupBy(builds, ({ project }) => project)
  const byTested = Map.groupBy(requests, ({ buildId, chroot }) => `build ${buildId} in ${chroot}`)
  return [
    ...[...byProject].flatMap(([project, all]) =>
      all.length === 1 ? [] : [`${project}: ${all.length} builds were started: ${all.map(({ id }) => id).join(', ')}`],
    ),
    ...builds.filter(({ id }) => !ours.has(String(id))).map(({ id, project }) => `${project}: build ${id} is nobody's`),
    // what broke is asked for once more
    ...[...byTested].flatMap(([what, all]) =>
      all.slice(0, -1).every(({ state }) => state === 'error' || state === 'canceled')
        ? []
        : [`the tests of ${what} were asked for ${all.length} times`],
    ),
  ]
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, map: (value: A, key: string) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value, key)]))
}
