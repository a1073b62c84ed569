import type { Decision, PlannedJob } from '../../api/types.ts'
import { Icon } from '../../components/Icon.tsx'
import { Notice } from '../../components/Notice.tsx'

/** Why these jobs run, and why those don't. */
export function DecisionView({ decision }: { decision: Decision }) {
  return (
    <section>
      <h2>Why these jobs</h2>
      <p>
        {asSentence(decision.summary)}
        {decision.config_path ? (
          <span className="subtle">
            {' '}
            Decided from <code>{decision.config_path}</code>.
          </span>
        ) : null}
      </p>
      {decision.warnings.map((warning) => (
        <Notice key={warning} kind="warning" title={warning} />
      ))}
      {decision.jobs.length > 0 ? (
        <ul className="jobs">
          {decision.jobs.map((job, index) => (
            // the decision is frozen with the event: its order is its identity
            // biome-ignore lint/suspicious/noArrayIndexKey: two jobs may be equal in all they show
            <JobRow key={index} job={job} />
          ))}
        </ul>
      ) : null}
    </section>
  )
}

function asSentence(text: string): string {
  return /[.!?:]$/.test(text) ? text : `${text}.`
}

function JobRow({ job }: { job: PlannedJob }) {
  return (
    <li className={job.wanted ? 'job' : 'job job-not'}>
      <span className={job.wanted ? 'mark mark-green' : 'mark mark-grey'}>
        <Icon name={job.wanted ? 'check-circle' : 'slashed-circle'} />
        <span className="sr-only">{job.wanted ? 'Runs' : 'Does not run'}</span>
      </span>
      <div>
        <span className="job-name">
          <code>{job.job}</code> on <code>{job.trigger}</code>
          {job.identifier ? (
            <>
              {' '}
              as <code>{job.identifier}</code>
            </>
          ) : null}{' '}
          <span className="subtle">
            for <code>{job.package}</code>
          </span>
        </span>
        <p className="job-reason">{job.reason}</p>
        {job.targets.length > 0 ? (
          <p className="job-targets">
            {job.targets.map((target) => (
              <code key={target}>{target}</code>
            ))}
          </p>
        ) : null}
      </div>
    </li>
  )
}
