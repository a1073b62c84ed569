import { useSuspenseQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type Job, jobQuery } from '../../api/job-queries.ts'
import { idFrom } from '../../api/queries.ts'
import { CopyText } from '../../components/CopyText.tsx'
import { TextLog } from '../../components/TextLog.tsx'
import { WebLink } from '../../components/WebLink.tsx'
import { JobLayout } from './JobLayout.tsx'
import { AnalysisLinks } from './KojiPage.tsx'

/** One scan: what a change brought that was not there before. */
export function ScanPage({ id }: { id: string }) {
  const answer = useSuspenseQuery(jobQuery('openscanhub', idFrom(id)))
  const { data: job } = answer
  const all = job.scan_results_url?.replace(/\.js$/, '.html')
  return (
    <JobLayout
      job={job}
      list="openscanhub"
      name="Scan"
      submitted={job.submitted_time}
      answer={answer}
      facts={{
        Task: job.task_id === null ? null : <WebLink href={job.url}>{job.task_id}</WebLink>,
        'New findings': job.issues_added_count,
        Added: job.issues_added_url ? <WebLink href={job.issues_added_url}>findings that are new</WebLink> : null,
        Fixed: job.issues_fixed_url ? <WebLink href={job.issues_fixed_url}>findings that are gone</WebLink> : null,
        All: all ? <WebLink href={all}>all findings</WebLink> : null,
        Build: job.copr_build_target_id === null ? null : <BuildLink id={job.copr_build_target_id} />,
      }}
    />
  )
}

function BuildLink({ id }: { id: number }) {
  return (
    <Link to="/jobs/copr/$id" params={{ id: String(id) }}>
      RPM build {id}
    </Link>
  )
}

/** A guess of Log Detective at why a build failed. */
export function AnalysisPage({ id }: { id: string }) {
  const answer = useSuspenseQuery(jobQuery('log-detective', idFrom(id)))
  const { data: job } = answer
  return (
    <JobLayout
      job={job}
      list="log-detective"
      name={job.chroot ?? 'Analysis'}
      submitted={job.submitted_time}
      answer={answer}
      facts={{
        Analysis: <CopyText text={job.analysis_id} what="the id of the analysis" />,
        Build: <AnalysedBuild job={job} />,
        Group: job.group_id === null ? null : <GroupLink id={job.group_id} />,
      }}
    >
      <TextLog title="Error" text={job.error_msg} />
      <Findings response={job.log_detective_response as Response | null} />
    </JobLayout>
  )
}

function AnalysedBuild({ job }: { job: Job<'log-detective'> }) {
  const { copr_build_target_id: rpm, koji_build_target_id: koji, target_build: build } = job
  if (rpm !== null) return <BuildLink id={rpm} />
  if (koji !== null)
    return (
      <Link to="/jobs/koji/$id" params={{ id: String(koji) }}>
        Koji build {koji}
      </Link>
    )
  return build ? <code>{build}</code> : null
}

function GroupLink({ id }: { id: number }) {
  return (
    <Link to="/jobs/log-detective/group/$id" params={{ id: String(id) }}>
      All analyses of it
    </Link>
  )
}

/** What Log Detective answers; any part may be missing. */
interface Response {
  explanation?: { text?: string }
  solution?: { text?: string }
  no_issue_found?: boolean
  snippets?: {
    text?: string
    line_number?: number
    source_file?: string
    snippet_analysis?: { text?: string } | null
  }[]
}

function Findings({ response }: { response: Response | null }) {
  if (!response) return null
  return (
    <section className="findings">
      <h2>What it found</h2>
      {response.no_issue_found ? <p>It found nothing that explains the failure.</p> : null}
      {response.explanation?.text ? <p className="wrapped">{response.explanation.text}</p> : null}
      {response.solution?.text ? (
        <>
          <h3>What to do</h3>
          <p className="wrapped">{response.solution.text}</p>
        </>
      ) : null}
      {(response.snippets ?? []).map((snippet) => (
        <figure key={`${snippet.source_file}:${snippet.line_number}:${snippet.text}`}>
          <figcaption className="subtle">
            {snippet.source_file}
            {snippet.line_number === undefined ? '' : `, line ${snippet.line_number}`}
          </figcaption>
          <pre>{snippet.text}</pre>
          {snippet.snippet_analysis?.text ? <p className="wrapped">{snippet.snippet_analysis.text}</p> : null}
        </figure>
      ))}
    </section>
  )
}

/** All analyses that were asked for at once. */
export function AnalysisGroupPage({ id }: { id: string }) {
  const answer = useSuspenseQuery(jobQuery('log-detective-group', idFrom(id)))
  const { data: job } = answer
  return (
    <JobLayout
      job={{ ...job, run_id: job.run_ids[0] ?? null }}
      list="log-detective"
      name={`Analyses ${job.packit_id}`}
      submitted={job.submitted_time}
      answer={answer}
      facts={{ Analyses: <AnalysisLinks ids={job.log_detective_target_ids} /> }}
    />
  )
}
