import type { Run } from '../../api/types.ts'
import { Command } from '../../components/CopyText.tsx'
import { tryCommand } from '../../lib/advice.ts'

/** What whoever made the change can do about a run that failed. */
export function WhatToDo({ run }: { run: Run }) {
  const waits = run.causes.some(({ kind }) => kind === 'not-approved' || kind === 'not-allowed')
  // where nothing was built there is nothing to build again
  const canRetry = run.trigger?.pr_id != null && run.causes.some((cause) => cause.step !== 'decision')
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
      {waits ? null : (
        <div>
          <h3>Mend it</h3>
          <p>Push a new commit: the run starts again by itself.</p>
        </div>
      )}
      {canRetry ? <RunAgain isOnWeb={/^https?:/.test(run.trigger_url ?? '')} command={againCommand(run)} /> : null}
      {command ? (
        <div>
          <h3>See it on your machine</h3>
          <Command lines={command} />
        </div>
      ) : null}
    </section>
  )
}

/** Where only tests failed, nothing has to be built again. */
function againCommand({ causes }: Run): string {
  return causes.every(({ step }) => step === 'test') ? '/packit retest-failed' : '/packit rebuild-failed'
}

/** By a comment, where there are any. */
function RunAgain({ isOnWeb, command }: { isOnWeb: boolean; command: string }) {
  if (!isOnWeb) {
    return (
      <div>
        <h3>Run it again as it is</h3>
        <p>Close the pull request and open it again: the same commit gets another run.</p>
      </div>
    )
  }
  return (
    <div>
      <h3>Run it again as it is</h3>
      <p>Comment on the pull request:</p>
      <Command lines={command} prompt={false} what="the comment" />
    </div>
  )
}
