import { SetupError, UnavailableError } from '../../domain/errors.ts'
import { splitArch } from '../../domain/targets.ts'
import type { FoundTest, Tester, TestPlace, TestToRun } from '../tester.ts'
import { fetchResults } from './artifacts.ts'
import { type ClientOptions, createClient, type FarmClient, LostAnswer } from './client.ts'
import { type Composes, composeOf, createComposes, RANCH_ARCHES, type Ranch } from './composes.ts'
import { namedPlace } from './merge-extra.ts'
import { type FarmRequest, readComposes, readRequest, readRequests } from './protocol.ts'
import { MARKER, markerOf, requestBody, secretsOf } from './request-body.ts'
import { isTerminal, stateOf } from './states.ts'

type Access = Pick<ClientOptions, 'url' | 'token' | 'setting'>

export interface TestingFarmOptions {
  public: Access
  /** The ranch of Red Hat, if there is a token for it. */
  internal?: Access | undefined
  timeoutMs?: number
  /** How long tests that have ended count as running while their results aren't there yet; default 90 s. */
  resultsWaitMs?: number
  now?: () => Date
  /** A line for the service log. */
  warn?: (line: string) => void
}

/** How long a list of composes is used. */
const COMPOSES_MS = 10 * 60_000
const RESULTS_WAIT_MS = 90_000
/** Clocks differ, and lists are looked through from a little earlier. */
const LOOK_BACK_MS = 60_000
/** A lost answer is looked for as soon as it can be there. */
const LOST_RETRY_MS = 15_000
const ID = /^[A-Za-z0-9-]{1,100}$/

/**
 * Tests in Testing Farm. It has no key that would make a repeated request count once: each carries a mark of ours, and when an
 * answer got lost, the mark is looked for in the list of requests before another is made.
 */
export function createTestingFarm(options: TestingFarmOptions): Tester {
  const { now = () => new Date(), warn = () => {}, resultsWaitMs = RESULTS_WAIT_MS } = options
  const ranches = {
    public: openRanch('public', options.public),
    redhat: options.internal && openRanch('redhat', options.internal),
  }
  const lateness = createLateness(resultsWaitMs, now)
  /** Submissions whose answer was never heard, with the time they began. */
  const unheard = new Map<number, Date>()

  function openRanch(ranch: Ranch, access: Access) {
    const { timeoutMs } = options
    const client = createClient({ ...access, now, ...(timeoutMs === undefined ? {} : { timeoutMs }) })
    return { ranch, client, url: access.url, composes: cacheComposes(ranch, client, now) }
  }

  function ranchOf(isInternal: boolean) {
    const found = isInternal ? ranches.redhat : ranches.public
    if (!found) throw new SetupError(NO_INTERNAL)
    return found
  }

  async function startTest(test: TestToRun): Promise<string> {
    const { client, ranch, composes } = ranchOf(test.isInternal)
    const [distro] = splitArch(test.target)
    const body = requestBody(test, composeOf(distro, ranch, await composes()))
    const since = unheard.get(test.id) ?? test.triedSince
    if (since) {
      const found = await findMarked(client, markerOf(test), since)
      if (found !== undefined) return heard(test.id, found)
    }
    const begun = now()
    try {
      const { body: answer } = await client.post('/requests', body, secretsOf(body, test.notification))
      const { id } = (answer ?? {}) as { id?: unknown }
      if (typeof id === 'string' && ID.test(id)) return heard(test.id, id)
      throw new LostAnswer('Testing Farm took the request and did not say under which id', LOST_RETRY_MS)
    } catch (error) {
      if (!(error instanceof LostAnswer)) throw error
      unheard.set(test.id, since ?? begun)
      const found = await findMarked(client, markerOf(test), begun).catch(() => undefined)
      if (found !== undefined) return heard(test.id, found)
      throw new UnavailableError(error.message, LOST_RETRY_MS, { cause: error })
    }
  }

  function heard(id: number, requestId: string): string {
    unheard.delete(id)
    return requestId
  }

  async function findTest(requestId: string, { isInternal }: { isInternal: boolean }): Promise<FoundTest | undefined> {
    if (!ID.test(requestId)) return undefined
    const { client, url } = ranchOf(isInternal)
    const { status, body } = await client.get(`/requests/${requestId}`)
    if (status === 404) return undefined
    const request = readRequest(body)
    if (!request) throw new UnavailableError('Testing Farm answered with something that is no request', LOST_RETRY_MS)
    const mayHaveResults = request.state === 'running' || isTerminal(request)
    const results = mayHaveResults ? await fetchResults(request, url, warn) : null
    const found = toFoundTest(request, results)
    const isLate = request.state === 'complete' && results === null && lateness.isWaitedFor(request)
    return isLate ? { ...found, state: 'running', reason: LATE, isTransient: false, endedAt: null } : found
  }

  return {
    name: 'testing-farm',
    async findProblem(place) {
      const { target, isInternal } = place
      if (isInternal && !ranches.redhat) return NO_INTERNAL
      if (target.startsWith('host-')) return `Testing Farm has no machines like ${target}: it is this machine itself.`
      const { ranch, composes } = ranchOf(isInternal)
      return problemOf(place, ranch, await composes())
    },
    startTest,
    findTest,
    async cancelTest(requestId, { isInternal }) {
      if (ID.test(requestId)) await ranchOf(isInternal).client.delete(`/requests/${requestId}`)
    },
    // its webhook comes in where all do
    onChange: () => () => {},
  }
}

const LATE = 'The tests have ended; their results are not there yet.'
const NO_INTERNAL = 'Tests in the internal Testing Farm need a token that this installation does not have.'

/** Whether the ranch has such a machine; one that the configuration names itself is asked for as it is. */
function problemOf({ target, mayBeMissing, extra = {} }: TestPlace, ranch: Ranch, composes: Composes): string | null {
  const [distro, ownArch] = splitArch(target)
  const { compose = composeOf(distro, ranch, composes), arch = ownArch } = namedPlace(extra)
  if (!RANCH_ARCHES[ranch].includes(arch))
    return `The architecture ${arch} is not available in the ${ranch} Testing Farm infrastructure.`
  if (composes.has(compose)) return null
  if (mayBeMissing) return `Compose not yet available for ${distro}. Skipping.`
  const near = composes.nearest(compose)
  const hint = near.length > 0 ? ` It has ${near.join(', ')}.` : ''
  return `The compose ${compose} is not available in the ${ranch} Testing Farm infrastructure.${hint}`
}

/** The id of the request with our mark; the first, when there are two. */
async function findMarked(client: FarmClient, marker: string, since: Date): Promise<string | undefined> {
  const after = new Date(since.getTime() - LOOK_BACK_MS).toISOString().slice(0, 19)
  const { body } = await client.get(`/requests?created_after=${encodeURIComponent(after)}`)
  const requests = readRequests(body)
  if (!requests) throw new UnavailableError('Testing Farm does not say which requests there are', LOST_RETRY_MS)
  const marked = requests.filter(({ environments }) =>
    environments.some(({ variables }) => variables[MARKER] === marker),
  )
  const oldestFirst = marked.sort((a, b) => (a.createdAt?.getTime() ?? 0) - (b.createdAt?.getTime() ?? 0))
  return oldestFirst[0]?.id
}

/** The list of a ranch, asked for once by all who want it at the same time. */
function cacheComposes(ranch: Ranch, client: FarmClient, now: () => Date): () => Promise<Composes> {
  let kept: { composes: Promise<Composes>; until: number } | undefined
  const read = async () => {
    const { status, body } = await client.get(`/composes/${ranch}`)
    if (status === 404)
      throw new SetupError(`Testing Farm has no list of composes for the ranch ${ranch}: look at its address.`)
    const names = readComposes(body)
    if (!names) throw new UnavailableError('Testing Farm does not say which composes it has', LOST_RETRY_MS)
    return createComposes(names)
  }
  return () => {
    if (kept && now().getTime() < kept.until) return kept.composes
    const mine = { composes: read(), until: now().getTime() + COMPOSES_MS }
    kept = mine
    mine.composes.catch(() => {
      if (kept === mine) kept = undefined
    })
    return mine.composes
  }
}

const REMEMBERED = 1_000
/** Another process begins to wait anew, and so does one that has forgotten: so often at most. */
const MOST_WAITS = 10

/** Since when each request has been without its results. */
function createLateness(waitMs: number, now: () => Date) {
  const since = new Map<string, number>()
  return {
    isWaitedFor({ id: requestId, updatedAt }: FarmRequest): boolean {
      if (updatedAt && now().getTime() - updatedAt.getTime() > MOST_WAITS * waitMs) return false
      const first = since.get(requestId) ?? now().getTime()
      since.set(requestId, first)
      const [oldest] = since.keys()
      if (since.size > REMEMBERED && oldest !== undefined) since.delete(oldest)
      return now().getTime() - first < waitMs
    },
  }
}

function toFoundTest(request: FarmRequest, results: FoundTest['results']): FoundTest {
  const { createdAt, queuedSeconds, runSeconds, updatedAt, artifacts } = request
  const { isTransient, ...state } = stateOf(request)
  const hasBegun = request.state !== 'new' && request.state !== 'queued'
  const startedAt = hasBegun && createdAt ? later(createdAt, queuedSeconds ?? 0) : null
  // what a test itself did will be so again; a machine that was lost leaves tests that never ran
  const isOfTests =
    request.state === 'complete' && results?.some(({ result }) => result === 'failed' || result === 'error')
  return {
    ...state,
    isTransient: isTransient && !isOfTests,
    startedAt,
    endedAt: isTerminal(request) ? endOf(startedAt, runSeconds, updatedAt) : null,
    webUrl: artifacts,
    logUrl: artifacts === null ? null : `${artifacts}/pipeline.log`,
    logKey: null,
    results,
  }
}

function endOf(startedAt: Date | null, runSeconds: number | null, updatedAt: Date | null): Date | null {
  return startedAt && runSeconds !== null ? later(startedAt, runSeconds) : updatedAt
}

function later(at: Date, seconds: number): Date {
  return new Date(at.getTime() + seconds * 1000)
}
