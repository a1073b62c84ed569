import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { hasEnded, STATES, type State, statesBefore } from './status.ts'

/** What a target is when it was observed so, one after the other. */
function observe(seen: readonly State[]): State[] {
  let state: State = 'pending'
  return seen.map((next) => {
    if (statesBefore(next).includes(state)) state = next
    return state
  })
}

const END = fc.constantFrom(...STATES.filter(hasEnded))

/** Observations of one build, as often and in whatever order they come: the end is among them. */
const OBSERVED = END.chain((end) =>
  fc
    .array(fc.constantFrom<State>('pending', 'running', end), { maxLength: 12 })
    .chain((more) => fc.tuple(fc.constant(end), fc.shuffledSubarray([...more, end], { minLength: more.length + 1 }))),
)

test('observations in any order, and however often, end in the same state', () => {
  fc.assert(fc.property(OBSERVED, ([end, seen]) => assert.equal(observe(seen).at(-1), end)))
})

test('a state never goes back, and what has ended stays as it is', () => {
  const rank = (state: State) => (state === 'pending' ? 0 : state === 'running' ? 1 : 2)
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...STATES), { maxLength: 20 }), (seen) => {
      const states = observe(seen)
      for (const [i, state] of states.entries()) {
        const before = states[i - 1] ?? 'pending'
        assert.ok(rank(state) >= rank(before), `${before} became ${state}`)
        if (hasEnded(before)) assert.equal(state, before)
      }
    }),
  )
})
