import { useSuspenseQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { jobQuery } from '../../api/job-queries.ts'
import { idFrom } from '../../api/queries.ts'
import { TextLog } from '../../components/TextLog.tsx'
import { WebLink } from '../../components/WebLink.tsx'
import { kojiSearch } from '../../lib/koji.ts'
import { JobLayout } from './JobLayout.tsx'

/** One Koji build, of a change or for the distribution. */
export function KojiPage({ id }: { id: string }) {
  const answer = useSuspenseQuery(jobQuery('koji', idFrom(id)))
  const { data: job } = answer
  const logs = Object.entries((job.build_logs_urls ?? {}) as Record<string, string>)
  return (
    <JobLayout
      job={job}
      list={job.scratch ? 'koji' : 'koji-downstream'}
      name={job.chroot ?? 'Koji build'}
      submitted={job.build_submitted_time}
      started={job.build_start_time}
      ended={job.build_finished_time}
      answer={answer}
      facts={{
        'Koji task': job.task_id ? <WebLink href={job.web_url}>{job.task_id}</WebLink> : null,
        Kind: job.scratch ? 'scratch: thrown away afterwards' : 'for the distribution',
        NVR: job.nvr ? <WebLink href={kojiSearch('build', job.nvr)}>{job.nvr}</WebLink> : null,
        'Side tag': job.sidetag ? <WebLink href={kojiSearch('tag', job.sidetag)}>{job.sidetag}</WebLink> : null,
        'Source package': job.srpm_build_id === null ? null : <SrpmLink id={job.srpm_build_id} />,
        Logs: logs.length === 0 ? null : <LogLinks logs={logs} />,
        Analyses: job.log_detective_runs.length === 0 ? null : <AnalysisLinks ids={job.log_detective_runs} />,
      }}
    >
      <TextLog title="Error" text={job.error_message} />
      <TextLog title="Output of the submission" text={job.build_submission_stdout} />
    </JobLayout>
  )
}

function SrpmLink({ id }: { id: number }) {
  return (
    <Link to="/jobs/srpm/$id" params={{ id: String(id) }}>
      SRPM build {id}
    </Link>
  )
}

function LogLinks({ logs }: { logs: readonly (readonly [arch: string, url: string])[] }) {
  return (
    <span className="pills">
      {logs.map(([arch, url]) => (
        <WebLink key={arch} href={url}>
          {arch}
        </WebLink>
      ))}
    </span>
  )
}

/** Guesses at the cause, which the build's page of the existing service doesn't lead to. */
export function AnalysisLinks({ ids }: { ids: readonly number[] }) {
  return (
    <span className="pills">
      {ids.map((id) => (
        <Link key={id} to="/jobs/log-detective/$id" params={{ id: String(id) }}>
          Analysis {id}
        </Link>
      ))}
    </span>
  )
}

/** One build that was put into a side tag. */
export function TagPage({ id }: { id: string }) {
  const answer = useSuspenseQuery(jobQuery('koji-tag-request', idFrom(id)))
  const { data: job } = answer
  return (
    <JobLayout
      job={job}
      list="koji-tag-requests"
      name={job.nvr ?? 'Tag request'}
      submitted={job.tag_request_submitted_time}
      answer={answer}
      facts={{
        'Koji task': job.task_id ? <WebLink href={job.web_url}>{job.task_id}</WebLink> : null,
        NVR: job.nvr ? <WebLink href={kojiSearch('build', job.nvr)}>{job.nvr}</WebLink> : null,
        'Side tag': job.sidetag ? <WebLink href={kojiSearch('tag', job.sidetag)}>{job.sidetag}</WebLink> : null,
        Target: job.chroot,
      }}
    />
  )
}
