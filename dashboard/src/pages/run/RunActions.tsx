import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { runRightsQuery } from '../../api/session.ts'
import type { Run } from '../../api/types.ts'
import { approveEvent, cancelRun, retryRun } from '../../api/writes.ts'
import { Action } from '../../components/Action.tsx'
import { ConfirmDialog } from '../../components/ConfirmDialog.tsx'
import { hasEnded } from '../../lib/state.ts'

/** What can be done with a run, for those who may; nothing for others. */
export function RunActions({ run }: { run: Run }) {
  const { data: session } = useQuery(runRightsQuery(run.merged_run_id))
  if (!session?.may_write_runs) return null
  if (run.event_id !== null && waitsForApproval(run)) return <Approve run={run} event={run.event_id} />
  return hasEnded(run.state) ? <Retry run={run} /> : <Cancel run={run} />
}

/** An outsider's commit that nobody has let be built yet, and that no newer one replaced. */
function waitsForApproval(run: Run): boolean {
  return (
    run.superseded_by === null && run.causes.some(({ step, kind }) => step === 'decision' && kind === 'not-approved')
  )
}

function Approve({ run, event }: { run: Run; event: number }) {
  const queries = useQueryClient()
  const { mutate, error, isPending, isSuccess } = useMutation({
    mutationFn: () => approveEvent(event),
    onSettled: () => queries.invalidateQueries({ queryKey: ['run', run.merged_run_id] }),
  })
  return (
    <Action name="Approve this commit" onClick={() => mutate()} isOff={isPending || isSuccess} error={error}>
      {isSuccess
        ? 'It is built in a moment, as the newest among the runs.'
        : 'Its code runs in the sandbox, without secrets.'}
    </Action>
  )
}

const RETRIED: readonly Run['state'][] = ['failure', 'error', 'canceled']

function Retry({ run }: { run: Run }) {
  const navigate = useNavigate()
  const { mutate, error, isPending, isSuccess } = useMutation({
    mutationFn: () => retryRun(run.merged_run_id),
    onSuccess: (id) => {
      if (id !== null) void navigate({ to: '/pipeline/$id', params: { id: String(id) } })
    },
  })
  const hasFailed = RETRIED.includes(run.state)
  if (!hasFailed && run.expired_at === null) return null
  return (
    <Action
      name={hasFailed ? 'Retry failed' : 'Build again'}
      onClick={() => mutate()}
      isOff={isPending || isSuccess}
      error={error}
    >
      {isSuccess ? 'It begins in a moment, and is then the newest among the runs.' : null}
    </Action>
  )
}

function Cancel({ run }: { run: Run }) {
  const queries = useQueryClient()
  const { mutate, error, isPending, isSuccess } = useMutation({
    mutationFn: () => cancelRun(run.merged_run_id),
    onSettled: () => queries.invalidateQueries({ queryKey: ['run', run.merged_run_id] }),
  })
  const [isAsking, setAsking] = useState(false)
  const left = run.steps.filter(({ state }) => !hasEnded(state)).length
  return (
    <>
      <Action name="Cancel" onClick={() => setAsking(true)} isOff={isPending || isSuccess} error={error}>
        {isSuccess ? 'What still runs ends in a moment.' : null}
      </Action>
      {isAsking ? (
        <ConfirmDialog
          title="Cancel this run?"
          action="Cancel the run"
          refusal="Let it run"
          onClose={() => setAsking(false)}
          onConfirm={() => {
            setAsking(false)
            mutate()
          }}
        >
          {left === 1 ? 'One step has' : `${left} steps have`} not ended, and will not give a result. What has ended
          stays; the run can be retried.
        </ConfirmDialog>
      ) : null}
    </>
  )
}
