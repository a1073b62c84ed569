import {
  EVENT_TYPES,
  JOB_KINDS,
  type JobKind,
  type Measure,
  type ProjectCounts,
  type Ranked,
  rank,
  type UsageCounts,
} from './counts.ts'

/** No list of projects is longer. */
export const MAX_TOP = 10_000
/** How many projects the lists of jobs name in the answers for well-known periods. */
const BEST = 5

/** Numbers by the address of a project, the largest first: the order of keys is the rank. */
type Top = Record<string, number>
type Instances = Record<string, number>

/** The answer for any period. */
export function toUsage({ active, all }: UsageCounts, top = MAX_TOP) {
  return {
    active_projects: toActiveProjects(active, top),
    all_projects: { instances: byNumber(all), project_count: sum(Object.values(all)) },
    events: fromWords(EVENT_TYPES, (type) => {
      const ranked = rank(active, { of: 'objects', type })
      return { events_handled: total(ranked), top_projects: toTop(ranked, top) }
    }),
    jobs: fromWords(JOB_KINDS, (of) => {
      const ranked = rank(active, { of })
      return { job_runs: total(ranked), top_projects_by_job_runs: toTop(ranked, top) }
    }),
  }
}

/** The answer for a well-known period. */
export function toPastUsage({ active }: UsageCounts, onboarded: number) {
  return {
    active_projects: toActiveProjects(active, MAX_TOP),
    jobs: fromWords(JOB_KINDS, (of) => {
      const ranked = rank(active, { of })
      return {
        job_runs: total(ranked),
        top_projects_by_job_runs: toTop(ranked, BEST),
        active_projects: ranked.length,
      }
    }),
    onboarded_projects_q1_2024: onboarded,
  }
}

type JobOfProject = Exclude<JobKind, 'log_detective_run_groups'>
/** Packit Service leaves Log Detective out where it tells of one project. */
export const JOBS_OF_PROJECT = JOB_KINDS.filter((kind): kind is JobOfProject => kind !== 'log_detective_run_groups')

/** The answer for one project: its numbers and its places among all; null where it has none. */
export function toProjectUsage({ active }: UsageCounts, projectId: number | undefined) {
  const place = <Key extends string>(key: Key, measure: Measure) => {
    const ranked = rank(active, measure)
    const index = ranked.findIndex(({ id }) => id === projectId)
    return placed(key, ranked[index]?.number ?? null, index < 0 ? null : index + 1)
  }
  return {
    events_handled: {
      ...place('events_handled', { of: 'objects' }),
      per_event: fromWords(EVENT_TYPES, (type) => place('events_handled', { of: 'objects', type })),
    },
    jobs: fromWords(JOBS_OF_PROJECT, (of) => ({
      ...place('job_runs', { of }),
      per_event: fromWords(EVENT_TYPES, (type) => place('job_runs', { of, type })),
    })),
  }
}

function placed<Key extends string>(key: Key, number: number | null, position: number | null) {
  // the key is one of two words, which a computed key can't say
  return { [key]: number, position } as Record<Key, number | null> & { position: number | null }
}

function toActiveProjects(active: readonly ProjectCounts[], top: number) {
  const ranked = rank(active, { of: 'objects' })
  const handled = new Set(ranked.map(({ id }) => id))
  const instances: Instances = {}
  for (const { id, forge } of active) if (handled.has(id)) instances[forge] = (instances[forge] ?? 0) + 1
  return {
    instances: byNumber(instances),
    project_count: ranked.length,
    top_projects_by_events_handled: toTop(ranked, top),
  }
}

function toTop(ranked: readonly Ranked[], top: number): Top {
  return Object.fromEntries(ranked.slice(0, top).map(({ url, number }) => [url, number]))
}

function byNumber(instances: Instances): Instances {
  const entries = Object.entries(instances)
  return Object.fromEntries(entries.sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)))
}

/** An object with an entry for each word, in their order. */
export function fromWords<Word extends string, T>(words: readonly Word[], make: (word: Word) => T): Record<Word, T> {
  return Object.fromEntries(words.map((word) => [word, make(word)])) as Record<Word, T>
}

const total = (ranked: readonly Ranked[]) => sum(ranked.map(({ number }) => number))
const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0)
