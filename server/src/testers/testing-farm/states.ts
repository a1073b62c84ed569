import type { State } from '../../domain/status.ts'
import type { FarmRequest } from './protocol.ts'

export interface FarmState {
  state: State
  reason: string | null
  isTransient: boolean
}

/** What went wrong before or beside the tests that the packager can mend: the same would happen again. */
const PERMANENT = [
  /no (tests?|plans?|test plans?) (were |was )?found/i,
  /(could not|couldn't|unable to|failed to) (find|clone|checkout|check out|fetch|merge|parse|resolve|load)/i,
  /not (a )?valid|invalid|unsupported|does not exist|not available|unknown (plan|compose|ref)/i,
  /(pipeline|test environment|tests?) (timed out|timeout|exceeded)|timeout (is|was) (exceeded|reached)/i,
  /merge conflict|lint (has )?failed|failed to (run )?(tmt )?lint/i,
] as const

/** What broke at Testing Farm, whatever else the text says. */
const TRANSIENT = /provision|guest|infrastructure|reserv|unreachable|connection|artifacts? storage|internal error/i

/** How a request stands: its `state` counts first, since a cancelled one has `error` as result, too. */
export function stateOf(request: FarmRequest): FarmState {
  const { state } = request
  if (state === 'new' || state === 'queued') return plain('pending')
  if (state === 'running') return plain('running')
  if (state === 'cancel-requested') return { ...plain('running'), reason: 'Testing Farm was asked to cancel it.' }
  if (state === 'canceled') return { ...plain('canceled'), reason: sentenceOf(request) }
  if (state === 'error') return broke(request, 'Testing Farm gave no reason.')
  if (state === 'complete') return resultOf(request)
  // it may be a word that was added: the end is not known by it
  return { ...plain('running'), reason: `Testing Farm says “${state}”, which is no state that is known here.` }
}

/** Whether Testing Farm changes nothing about it any more. */
export function isTerminal({ state }: FarmRequest): boolean {
  return state === 'complete' || state === 'error' || state === 'canceled'
}

function resultOf(request: FarmRequest): FarmState {
  const { overall } = request
  if (overall === 'passed') return plain('success')
  if (overall === 'failed') return { ...plain('failure'), reason: sentenceOf(request) }
  if (overall === 'skipped') return { ...plain('skipped'), reason: sentenceOf(request) ?? 'All tests were skipped.' }
  if (overall === 'needs_inspection') {
    const reason = sentenceOf(request) ?? 'Somebody has to look at the results: the tests themselves could not tell.'
    return { state: 'error', reason, isTransient: false }
  }
  if (overall === 'error') return broke(request, 'A test broke off, or could not be run.')
  return broke(request, `Testing Farm ended it with the result “${overall ?? 'none'}”.`)
}

function broke(request: FarmRequest, otherwise: string): FarmState {
  const reason = sentenceOf(request) ?? otherwise
  const isPermanent = !TRANSIENT.test(reason) && PERMANENT.some((pattern) => pattern.test(reason))
  return { state: 'error', reason, isTransient: !isPermanent }
}

/** The summary, else the worst of the notes; null where nothing is said. */
function sentenceOf({ summary, notes }: FarmRequest): string | null {
  const note =
    notes.find(({ level }) => level === 'error') ?? notes.find(({ level }) => level === 'warning') ?? notes[0]
  const said = (summary ?? note?.message ?? '').replace(/\s+/g, ' ').trim()
  return said === '' ? null : said.slice(0, 1_000).toWellFormed()
}

function plain(state: State): FarmState {
  return { state, reason: null, isTransient: false }
}
