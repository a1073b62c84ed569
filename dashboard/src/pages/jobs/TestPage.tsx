import { useSuspenseQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { jobQuery } from '../../api/job-queries.ts'
import { idFrom } from '../../api/queries.ts'
import { CopyText } from '../../components/CopyText.tsx'
import { WebLink } from '../../components/WebLink.tsx'
import { JobLayout } from './JobLayout.tsx'

/** One test run: how it went, and where its results and the builds it tested are. */
export function TestPage({ id }: { id: string }) {
  const answer = useSuspenseQuery(jobQuery('testing-farm', idFrom(id)))
  const { data: job } = answer
  return (
    <JobLayout
      job={job}
      list="testing-farm"
      name={job.chroot ?? 'Test run'}
      submitted={job.submitted_time}
      answer={answer}
      facts={{
        Results: job.web_url ? <WebLink href={job.web_url}>{job.web_url}</WebLink> : null,
        Request: job.pipeline_id ? <CopyText text={job.pipeline_id} what="the id of the request" /> : null,
        Ranch: job.ranch,
        'Tested builds': <TestedBuilds copr={job.copr_build_ids} koji={job.koji_build_ids} />,
      }}
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
