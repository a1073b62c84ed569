import { useState } from 'react'
import type { State, TestCase, TestCounts } from '../../api/types.ts'
import { Empty } from '../../components/Empty.tsx'
import { TestCases } from '../../components/TestCases.tsx'
import { WebLink } from '../../components/WebLink.tsx'
import { hasEnded } from '../../lib/state.ts'
import { countText, inOrder, isBad } from '../../lib/test-results.ts'

interface TestResultsProps {
  state: State
  results: readonly TestCase[] | null
  counts: TestCounts | null
  /** Where the runner shows them. */
  webUrl: string | null
}

/** More than this is too long to look through for what failed. */
const MANY = 12

/** What each test said: what failed first, and it alone where there are many. */
export function TestResults({ state, results, counts, webUrl }: TestResultsProps) {
  const bad = results?.filter(isBad) ?? []
  const [choice, choose] = useState<'failed' | 'all' | null>(null)
  const isFiltered = bad.length > 0 && (choice ?? (results && results.length > MANY ? 'failed' : 'all')) === 'failed'
  if (!results || results.length === 0) return <NoResults state={state} webUrl={webUrl} />
  return (
    <section className="panel">
      <div className="test-head">
        <h2>{counts && counts.total > 0 ? countText(counts) : 'Results'}</h2>
        {bad.length > 0 && bad.length < results.length ? (
          <fieldset className="test-filter">
            <legend className="sr-only">Which tests are shown</legend>
            <Choice name="Failed" count={bad.length} isOn={isFiltered} onPick={() => choose('failed')} />
            <Choice name="All" count={results.length} isOn={!isFiltered} onPick={() => choose('all')} />
          </fieldset>
        ) : null}
      </div>
      <TestCases cases={isFiltered ? bad : inOrder(results)} label={isFiltered ? 'Failed tests' : 'Tests'} />
    </section>
  )
}

interface ChoiceProps {
  name: string
  count: number
  isOn: boolean
  onPick: () => void
}

function Choice({ name, count, isOn, onPick }: ChoiceProps) {
  return (
    <label className="test-choice">
      <input type="radio" name="shown-tests" checked={isOn} onChange={onPick} />
      {name} <span className="subtle">{count.toLocaleString('en')}</span>
    </label>
  )
}

function NoResults({ state, webUrl }: { state: State; webUrl: string | null }) {
  if (state === 'skipped' || state === 'canceled') return null
  if (!hasEnded(state))
    return (
      <Empty icon="hourglass" title="No test has said anything yet">
        What each test says appears here by itself, as soon as the test runner tells it.
      </Empty>
    )
  return (
    <Empty icon="info" title="No single results are known">
      {webUrl ? (
        <>
          What is known stands with the test runner: <WebLink href={webUrl}>its results</WebLink>.
        </>
      ) : (
        'The test runner told how they ended, and no more.'
      )}
    </Empty>
  )
}
