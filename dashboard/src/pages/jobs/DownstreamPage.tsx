import { useSuspenseQuery } from '@tanstack/react-query'
import { jobQuery } from '../../api/job-queries.ts'
import { idFrom } from '../../api/queries.ts'
import { TextLog } from '../../components/TextLog.tsx'
import { Time } from '../../components/Time.tsx'
import { WebLink } from '../../components/WebLink.tsx'
import { kojiSearch } from '../../lib/koji.ts'
import { JobLayout } from './JobLayout.tsx'

/** One Bodhi update. */
export function BodhiPage({ id }: { id: string }) {
  const answer = useSuspenseQuery(jobQuery('bodhi', idFrom(id)))
  const { data: job } = answer
  return (
    <JobLayout
      job={job}
      list="bodhi"
      name={job.branch ?? job.alias ?? 'Update'}
      submitted={job.submitted_time}
      answer={answer}
      facts={{
        Update: job.alias ? <WebLink href={job.web_url}>{job.alias}</WebLink> : 'not made yet',
        Made: job.update_creation_time === null ? null : <Time at={job.update_creation_time} />,
        Builds: job.koji_nvrs ? <Nvrs text={job.koji_nvrs} /> : null,
        'Side tag': job.sidetag,
      }}
    >
      <TextLog title="Error" text={job.error_message} />
    </JobLayout>
  )
}

function Nvrs({ text }: { text: string }) {
  return (
    <span className="pills">
      {text.split(/\s+/).map((nvr) => (
        <WebLink key={nvr} href={kojiSearch('build', nvr)}>
          <code>{nvr}</code>
        </WebLink>
      ))}
    </span>
  )
}

interface SyncPageProps {
  id: string
  list: 'propose-downstream' | 'pull-from-upstream'
}

/** One branch of a release that was carried into the distribution, with the pull requests made for it. */
export function SyncPage({ id, list }: SyncPageProps) {
  const answer = useSuspenseQuery(jobQuery(list, idFrom(id)))
  const { data: job } = answer
  return (
    <JobLayout
      job={job}
      list={list}
      name={job.branch}
      submitted={job.submitted_time}
      started={job.start_time}
      ended={job.finished_time}
      answer={answer}
      facts={{
        Package: job.downstream_pr_project ? <PackageLink url={job.downstream_pr_project} /> : null,
        'Pull requests': job.downstream_prs.length === 0 ? 'none' : <PullRequests of={job.downstream_prs} />,
      }}
    >
      <TextLog title="Log" text={job.logs} />
    </JobLayout>
  )
}

function PackageLink({ url }: { url: string }) {
  return <WebLink href={url}>{url.split('/').at(-1)}</WebLink>
}

interface DownstreamPr {
  pr_id: number | null
  branch: string | null
  is_fast_forward: boolean
  url: string | null
}

function PullRequests({ of }: { of: readonly DownstreamPr[] }) {
  return (
    <span className="pills">
      {of.map(({ pr_id, branch, is_fast_forward, url }) => (
        <WebLink key={`${branch} ${pr_id}`} href={url}>
          #{pr_id} <code>{branch}</code>
          {is_fast_forward ? ' (fast forward)' : ''}
        </WebLink>
      ))}
    </span>
  )
}
