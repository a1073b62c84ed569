import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { runQuery } from '../../api/queries.ts'
import type { Run, Step } from '../../api/types.ts'
import { TargetPill } from '../../components/Jobs.tsx'
import { triggerName } from '../../lib/names.ts'
import { StepFiles } from '../run/FilesView.tsx'

interface SurroundingsProps {
  kind: 'srpm' | 'build'
  id: number
  run: number | null
  /** Ids of analyses of its log. */
  analyses?: readonly number[]
}

/** What stands beside a step: its run, the same in other chroots, its tests, analyses of its log, its files. */
export function Surroundings({ kind, id, run: runId, analyses = [] }: SurroundingsProps) {
  const { data: run } = useQuery({ ...runQuery(runId ?? 0), enabled: runId !== null })
  const own = run?.steps.find((step) => step.kind === kind && step.id === id)
  const others = (run?.steps ?? []).filter((step) => step.kind === 'build' && step !== own)
  const tests = (run?.steps ?? []).filter((step) => step.kind === 'test' && (kind === 'srpm' || isOf(step, own)))
  return (
    <>
      <dl className="other-jobs">
        {run ? <Row name="Run">{<RunLink run={run} />}</Row> : null}
        {others.length > 0 ? (
          <Row name={kind === 'srpm' ? 'Built for' : 'Other chroots'}>
            {others.map((step) => (
              <StepPill key={step.id} step={step} list="copr" />
            ))}
          </Row>
        ) : null}
        {tests.length > 0 ? (
          <Row name="Tests">
            {tests.map((step) => (
              <StepPill key={step.id} step={step} list="testing-farm" />
            ))}
          </Row>
        ) : null}
        {analyses.length > 0 ? (
          <Row name="Log Detective">
            {analyses.map((analysis) => (
              <Link key={analysis} to="/jobs/log-detective/$id" params={{ id: String(analysis) }}>
                Analysis {analysis}
              </Link>
            ))}
          </Row>
        ) : null}
      </dl>
      {own && own.files.length > 0 ? (
        <section className="files">
          <h2>Files</h2>
          <StepFiles step={own} isOpen />
        </section>
      ) : null}
    </>
  )
}

function Row({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt className="subtle">{name}</dt>
      <dd className="pills">{children}</dd>
    </div>
  )
}

function RunLink({ run }: { run: Run }) {
  return (
    <Link to="/pipeline/$id" params={{ id: String(run.merged_run_id) }}>
      {run.title ?? (triggerName(run.trigger) || `Run ${run.merged_run_id}`)}
    </Link>
  )
}

function StepPill({ step, list }: { step: Step; list: 'copr' | 'testing-farm' }) {
  return (
    <TargetPill
      state={step.state}
      target={step.target ?? step.name}
      to={step.id === null ? null : `/jobs/${list}/${step.id}`}
    />
  )
}

/** Tests run on a distribution and an architecture, which their target names as the chroot does. */
function isOf(test: Step, build: Step | undefined): boolean {
  return test.target === null || test.target === build?.target
}
