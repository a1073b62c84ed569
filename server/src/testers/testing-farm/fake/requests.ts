import { randomUUID } from 'node:crypto'
import type { Ranch } from '../composes.ts'

/** What one test said, as the fake writes it into `results.xml`. */
export interface FakeTest {
  name: string
  result: 'passed' | 'failed' | 'error' | 'skipped' | 'pending' | 'undefined' | (string & {})
  seconds?: number
  /** What it printed; it stands in its log and, of one that failed, in the results. */
  output?: string
}

/** How a request ends. */
export interface FakeEnd {
  state?: 'complete' | 'error'
  overall?: string | null
  summary?: string | null
  notes?: { level: string; message: string }[]
  /** Tests, or a whole results file; none = the file is never written. */
  results?: FakeTest[] | string
  /** `late`: the file appears when `publishResults` says so. */
  resultsAppear?: 'now' | 'late'
  log?: string
}

export type Json = Record<string, unknown>

/** A request as the fake keeps it. */
export interface FakeRequest {
  readonly id: string
  readonly ranch: Ranch
  /** As it was sent, secrets and all. */
  readonly body: Json
  state: 'new' | 'queued' | 'running' | 'complete' | 'error' | 'cancel-requested' | 'canceled' | (string & {})
  overall: string | null
  summary: string | null
  notes: { level: string; message: string }[]
  createdAt: Date
  updatedAt: Date
  startedAt: Date | null
  endedAt: Date | null
  /** What lies at its artifacts. */
  files: Map<string, string>
  /** Written, but not visible yet. */
  hidden: Map<string, string>
}

export function newRequest(ranch: Ranch, body: Json, at: Date): FakeRequest {
  return {
    ...{ id: randomUUID(), ranch, body, state: 'new', overall: null, summary: null, notes: [] },
    ...{ createdAt: at, updatedAt: at, startedAt: null, endedAt: null, files: new Map(), hidden: new Map() },
  }
}

export function hasEnded({ state }: FakeRequest): boolean {
  return state === 'complete' || state === 'error' || state === 'canceled'
}

/** The answer to a reader. `result` and `run` are null before the run starts; nobody is shown secrets. */
export function toAnswer(request: FakeRequest, artifactsUrl: string): Json {
  const { id, body, state, overall, summary, notes, createdAt, updatedAt, startedAt, endedAt } = request
  const environments = Array.isArray(body.environments) ? body.environments : []
  return {
    ...{ id, user_id: '00000000-0000-4000-8000-000000000001', token_id: tokenId(request.ranch), state, notes },
    test: toTest(body.test as Json),
    environments_requested: environments.map((one) => hideSecrets(one as Json)),
    result:
      startedAt === null && overall === null && summary === null
        ? null
        : { overall, summary, xunit: null, xunit_url: null },
    run: startedAt === null ? null : { console: null, stages: null, artifacts: `${artifactsUrl}/${id}` },
    settings: body.settings ?? null,
    queued_time: startedAt && seconds(createdAt, startedAt),
    run_time: startedAt && endedAt && seconds(startedAt, endedAt),
    created: withoutZone(createdAt),
    updated: withoutZone(updatedAt),
  }
}

export function tokenId(ranch: Ranch): string {
  return `00000000-0000-4000-8000-00000000000${ranch === 'public' ? 2 : 3}`
}

/** Whichever spelling was sent, `fmf` is answered. */
function toTest(test: Json): Json {
  const { tmt, fmf, sti } = test
  return { fmf: fmf ?? tmt ?? null, sti: sti ?? null, script: null }
}

function hideSecrets(environment: Json): Json {
  if (typeof environment.secrets !== 'object' || environment.secrets === null) return environment
  return {
    ...environment,
    secrets: Object.fromEntries(Object.keys(environment.secrets).map((name) => [name, 'hidden'])),
  }
}

/** Microseconds and no zone, as Testing Farm writes times. */
export function withoutZone(at: Date): string {
  return `${at.toISOString().slice(0, -1)}000`
}

function seconds(from: Date, to: Date): number {
  return (to.getTime() - from.getTime()) / 1000
}
