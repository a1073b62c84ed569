import type { Cause, Run } from '../../api/types.ts'
import { CauseView } from '../../components/CauseView.tsx'
import { Command } from '../../components/CopyText.tsx'
import { tryCommand } from '../../lib/advice.ts'
import { groupCauses } from '../../lib/causes.ts'

/** More causes than this are folded: the first ones are what one reads. */
const OPEN_CAUSES = 2

/** Why the run failed, on top; the same failure in several chroots is told once. Then what to do. */
export function Causes({ run }: { run: Run }) {
  if (run.causes.length === 0) return null
  const groups = groupCauses(run.causes)
  const [first, rest] = [groups.slice(0, OPEN_CAUSES), groups.slice(OPEN_CAUSES)]
  return (
    <div className="causes">
      {first.map((group) => (
        <OneCause key={group.key} run={run} causes={group.causes} />
      ))}
      {rest.length > 0 ? (
        <details>
          <summary>{rest.length === 1 ? 'One more failure' : `${rest.length} more failures`}</summary>
          {rest.map((group) => (
            <OneCause key={group.key} run={run} causes={group.causes} />
          ))}
        </details>
      ) : null}
      <WhatToDo run={run} />
    </div>
  )
}

function OneCause({ run, causes }: { run: Run; causes: Cause[] }) {
  const [cause] = causes
  if (!cause) return null
  const where = causes.map(
    ({ target, step }) => target ?? (step === 'decision' ? (run.decision.config_path ?? 'Decision') : NAMES[step]),
  )
  const href = cause.id === null ? null : `pipeline/${run.merged_run_id}?log=${cause.step}-${cause.id}`
  return <CauseView cause={cause} where={where} logHref={href} color={isOurs(run, cause) ? 'orange' : 'red'} />
}

const NAMES = { srpm: 'SRPM', build: 'build', test: 'tests' }

function isOurs(run: Run, cause: Cause): boolean {
  return run.steps.some((step) => step.kind === cause.step && step.id === cause.id && step.state === 'error')
}

function WhatToDo({ run }: { run: Run }) {
  // where nothing was built there is nothing to build again
  const canRetry = run.trigger?.pr_id != null && run.causes.some((c) => c.step !== 'decision')
  const command = tryCommand({
    project_url:
      run.head?.repository_url && run.trigger?.pr_id == null
        ? run.head.repository_url
        : (run.trigger?.project_url ?? null),
    pr: run.trigger?.pr_id ?? null,
    ref: run.head?.ref ?? run.trigger?.branch_name ?? run.trigger?.release ?? null,
  })
  return (
    <section className="todo" aria-label="What to do">
      <div>
        <h3>Mend it</h3>
        <p>Push a new commit: the run starts again by itself.</p>
      </div>
      {canRetry ? (
        <div>
          <h3>Run it again as it is</h3>
          <p>Close the pull request and open it again: the same commit gets another run.</p>
        </div>
      ) : null}
      {command ? (
        <div>
          <h3>See it on your machine</h3>
          <Command lines={command} />
        </div>
      ) : null}
    </section>
  )
}
