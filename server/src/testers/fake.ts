import { hasEnded, type State } from '../domain/status.ts'
import type { TestCaseResult } from '../domain/test-result.ts'
import type { FoundTest, Tester, TestPlace, TestToRun } from './tester.ts'

/** What a test says, for those who only care for its name and result. */
export function caseOf(set: Partial<TestCaseResult> & Pick<TestCaseResult, 'name' | 'result'>): TestCaseResult {
  return { suite: '/plans/ci', seconds: 1, message: null, place: null, logs: [], ...set }
}

const NEW: FoundTest = {
  state: 'pending',
  reason: null,
  isTransient: false,
  startedAt: null,
  endedAt: null,
  webUrl: null,
  logUrl: null,
  logKey: null,
  results: null,
}

/** A test runner in memory, whose tests run until a story ends them. */
export class FakeTester implements Tester {
  readonly name: Tester['name']
  /** All that was asked for, by the runner's id. */
  readonly requests = new Map<string, { test: TestToRun; found: FoundTest }>()
  /** Tests pass by themselves, unless a story wants to end them. */
  endsAlone = true
  /** Why a target can't be tested here. */
  problems: Record<string, string> = {}
  /** What was asked about each target. */
  readonly places = new Map<string, TestPlace>()
  /** What the next request is refused with. */
  refusal: Error | null = null
  #count = 0
  readonly #listeners = new Set<(requestId: string) => void>()

  constructor(name: Tester['name'] = 'testing-farm') {
    this.name = name
  }

  async findProblem(place: TestPlace): Promise<string | null> {
    const { target } = place
    this.places.set(target, place)
    return this.problems[target] ?? null
  }

  async startTest(test: TestToRun): Promise<string> {
    const known = [...this.requests].find(([, { test: other }]) => other.id === test.id)
    if (known) return known[0]
    const refusal = this.refusal
    this.refusal = null
    if (refusal) throw refusal
    this.#count += 1
    const requestId = `00000000-0000-4000-8000-${String(this.#count).padStart(12, '0')}`
    this.requests.set(requestId, { test, found: { ...NEW, webUrl: `https://artifacts.example/${requestId}` } })
    if (this.endsAlone) this.end(requestId, 'success', { results: [caseOf({ name: '/smoke', result: 'passed' })] })
    return requestId
  }

  async findTest(requestId: string): Promise<FoundTest | undefined> {
    const found = this.requests.get(requestId)?.found
    return found && { ...found }
  }

  async cancelTest(requestId: string): Promise<void> {
    this.end(requestId, 'canceled')
  }

  onChange(listener: (requestId: string) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** The requests for a target, the newest last. */
  of(target: string): string[] {
    return [...this.requests].flatMap(([id, { test }]) => (test.target === target ? [id] : []))
  }

  /** Moves a request on, and says so; what has ended stays. */
  end(requestId: string, state: State, set: Partial<FoundTest> = {}): void {
    const request = this.requests.get(requestId)
    if (!request || hasEnded(request.found.state)) return
    const now = new Date()
    const times = { startedAt: request.found.startedAt ?? now, endedAt: hasEnded(state) ? now : null }
    Object.assign(request.found, { state, ...times, ...set })
    for (const listener of this.#listeners) listener(requestId)
  }

  /** Forgets a request, as a runner does that was set up anew. */
  forget(requestId: string): void {
    this.requests.delete(requestId)
  }
}
