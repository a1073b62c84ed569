import { Link } from '@tanstack/react-router'
import type { Cause, Run, Step, TestCounts } from '../../api/types.ts'
import { CauseView } from '../../components/CauseView.tsx'
import { TestCases } from '../../components/TestCases.tsx'
import { groupCauses } from '../../lib/causes.ts'
import { useVerdicts, type Verdict } from './useVerdicts.ts'
import { VerdictView } from './VerdictView.tsx'
import { WhatToDo } from './WhatToDo.tsx'

/** More causes than this are folded: the first ones are what one reads. */
const OPEN_CAUSES = 2
/** More failed tests of a target stand on its page. */
const MOST_TESTS = 5

type Judge = (cause: Cause) => Verdict | null

/** Why the run failed, on top; the same failure in several chroots is told once. Then what to do. */
export function Causes({ run }: { run: Run }) {
  const judge = useVerdicts(run)
  if (run.causes.length === 0) return null
  const groups = groupCauses(run.causes)
  const [first, rest] = [groups.slice(0, OPEN_CAUSES), groups.slice(OPEN_CAUSES)]
  return (
    <div className="causes">
      {first.map((group) => (
        <OneCause key={group.key} run={run} causes={group.causes} judge={judge} />
      ))}
      {rest.length > 0 ? (
        <details>
          <summary>{rest.length === 1 ? 'One more failure' : `${rest.length} more failures`}</summary>
          {rest.map((group) => (
            <OneCause key={group.key} run={run} causes={group.causes} judge={judge} />
          ))}
        </details>
      ) : null}
      <WhatToDo run={run} />
    </div>
  )
}

function OneCause({ run, causes, judge }: { run: Run; causes: Cause[]; judge: Judge }) {
  const [cause] = causes
  if (!cause) return null
  const where = causes.map(
    ({ target, step }) => target ?? (step === 'decision' ? (run.decision.config_path ?? 'Decision') : NAMES[step]),
  )
  const step = run.steps.find((candidate) => candidate.kind === cause.step && candidate.id === cause.id)
  const href = cause.id === null ? null : `pipeline/${run.merged_run_id}?log=${cause.step}-${cause.id}`
  return (
    <CauseView cause={cause} where={where} logHref={href} color={isOurs(run, cause) ? 'orange' : 'red'}>
      {step?.tests && step.tests.first.length > 0 ? <FailedTests step={step} counts={step.tests} /> : null}
      <Verdicts run={run} causes={causes} judge={judge} />
    </CauseView>
  )
}

/** The first tests that failed, with what they said; the page of the tests has all. */
function FailedTests({ step, counts }: { step: Step; counts: TestCounts }) {
  const shown = counts.first.slice(0, MOST_TESTS)
  return (
    <div className="cause-tests">
      <TestCases cases={shown} label={`Failed tests on ${step.name}`} />
      {step.id === null ? null : (
        <Link to="/jobs/testing-farm/$id" params={{ id: String(step.id) }}>
          {counts.failed > shown.length ? `All ${counts.failed} failed tests on ` : 'All tests on '}
          <code>{step.name}</code>
        </Link>
      )}
    </div>
  )
}

const NAMES = { srpm: 'SRPM', build: 'build', test: 'tests' }

/** Nothing of the change failed: the service broke, or something has to be allowed first. */
function isOurs(run: Run, cause: Cause): boolean {
  if (cause.step === 'decision') return cause.kind === 'not-approved' || cause.kind === 'not-allowed'
  return run.steps.some((step) => step.kind === cause.step && step.id === cause.id && step.state === 'error')
}

/** One sentence where it is the same in all chroots, else one for each kind. */
function Verdicts({ run, causes, judge }: { run: Run; causes: Cause[]; judge: Judge }) {
  const judged = causes.flatMap((cause) => {
    const verdict = judge(cause)
    return verdict ? [{ cause, verdict }] : []
  })
  const kinds = [...Map.groupBy(judged, ({ verdict }) => `${verdict.kind} ${verdict.other.merged_run_id}`).values()]
  return kinds.map((same) => {
    const [first] = same
    if (!first) return null
    const targets = same.length === causes.length ? [] : same.flatMap(({ cause }) => cause.target ?? [])
    const { kind, other } = first.verdict
    const key = `${kind} ${other.merged_run_id}`
    return <VerdictView key={key} verdict={first.verdict} run={run.merged_run_id} targets={targets} />
  })
}
