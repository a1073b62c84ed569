import { useSuspenseQuery } from '@tanstack/react-query'
import { Link, useLocation, useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { type Job, jobQuery } from '../../api/job-queries.ts'
import { idFrom } from '../../api/queries.ts'
import { CopyText } from '../../components/CopyText.tsx'
import { LogView } from '../../components/LogView.tsx'
import { QueueNotice } from '../../components/QueueNotice.tsx'
import { WebLink } from '../../components/WebLink.tsx'
import { parseLines } from '../../lib/lines.ts'
import { hasEnded } from '../../lib/state.ts'
import { JobLayout } from './JobLayout.tsx'
import { TestResults } from './TestResults.tsx'

/** The tests on one target: how they went, what each of them said, and which builds they tested. */
export function TestPage({ id }: { id: string }) {
  const answer = useSuspenseQuery(jobQuery('testing-farm', idFrom(id)))
  const { data: job } = answer
  return (
    <JobLayout
      job={job}
      list="testing-farm"
      name={job.chroot ?? 'Test run'}
      submitted={job.submitted_time}
      started={job.started_at}
      ended={job.ended_at}
      answer={answer}
      facts={{
        Results: job.web_url ? <WebLink href={job.web_url}>{job.web_url}</WebLink> : null,
        Request: job.pipeline_id ? <CopyText text={job.pipeline_id} what="the id of the request" /> : null,
        Ranch: job.ranch,
        'Run again after faults of the runner': job.tries > 0 ? `${job.tries} of 3 times` : null,
        'Tested builds': <TestedBuilds copr={job.copr_build_ids} koji={job.koji_build_ids} />,
        Log: job.log === null && job.log_url ? <WebLink href={job.log_url}>of the test runner</WebLink> : null,
      }}
    >
      {job.queue && job.state === 'pending' ? <QueueNotice queue={job.queue} /> : null}
      <TestResults state={job.state} results={job.results} counts={job.counts} webUrl={job.web_url} />
      <TestLog job={job} id={idFrom(id)} />
    </JobLayout>
  )
}

function TestLog({ job, id }: { job: Job<'testing-farm'>; id: number }) {
  const navigate = useNavigate()
  const { hash } = useLocation()
  const named = useMemo(() => parseLines(hash), [hash])
  if (job.log === null) return null
  return (
    <LogView
      source={{ path: job.log, step: 'test', id, hasEnded: hasEnded(job.state), size: job.log_size }}
      title="Log"
      href={`jobs/testing-farm/${id}`}
      target={named}
      isNamed={named !== null}
      onPick={(line) =>
        void navigate({
          to: '/jobs/testing-farm/$id',
          params: { id: String(id) },
          hash: line,
          replace: true,
          resetScroll: false,
        })
      }
    />
  )
}

function TestedBuilds({ copr, koji }: { copr: readonly number[]; koji: readonly number[] }) {
  if (copr.length + koji.length === 0) return <>none: the tests need no build</>
  return (
    <span className="pills">
      {copr.map((id) => (
        <Link key={`rpm-${id}`} to="/jobs/copr/$id" params={{ id: String(id) }}>
          RPM build {id}
        </Link>
      ))}
      {koji.map((id) => (
        <Link key={`koji-${id}`} to="/jobs/koji/$id" params={{ id: String(id) }}>
          Koji build {id}
        </Link>
      ))}
    </span>
  )
}
