import { useSuspenseQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { configQuery, type ProjectConfig } from '../../api/project-queries.ts'
import type { ProjectPath } from '../../api/queries.ts'
import { Empty } from '../../components/Empty.tsx'
import { Commit } from '../../components/Names.tsx'
import { Notice } from '../../components/Notice.tsx'
import { StaleNotice } from '../../components/Stale.tsx'
import { Time } from '../../components/Time.tsx'
import { WebLink } from '../../components/WebLink.tsx'
import { fileUrl } from '../../lib/forge-links.ts'
import { triggerKind, triggerName } from '../../lib/names.ts'
import { ConfigJobs } from './ConfigJobs.tsx'
import { ConfigNotes } from './ConfigNotes.tsx'

interface ConfigProps {
  path: ProjectPath
  projectUrl: string
}

/** The package configuration as it was understood at the newest event: errors at their lines, then what the jobs are. */
export function ConfigView({ path, projectUrl }: ConfigProps) {
  const { data, error, dataUpdatedAt } = useSuspenseQuery(configQuery(path))
  if (data === null) {
    return (
      <Empty icon="cube" title="No configuration was read yet">
        <p>
          It is read from <code>.packit.yaml</code> when a pull request, push or release arrives, and then stands here
          as it was understood.
        </p>
      </Empty>
    )
  }
  const { config_path: file, commit } = data
  const urlOf = (line: number | null) =>
    file === null ? null : fileUrl({ forge: path.forge, projectUrl, commit, file, line })
  return (
    <>
      <StaleNotice error={error} at={dataUpdatedAt} />
      <Source config={data} url={urlOf(null)} />
      <Problem config={data} />
      <ConfigNotes kind="error" notes={data.errors} file={file} urlOf={urlOf} />
      <ConfigNotes kind="warning" notes={data.warnings} file={file} urlOf={urlOf} />
      <section>
        <h2>Jobs</h2>
        {data.jobs.length === 0 ? <p className="subtle">None were understood.</p> : <ConfigJobs jobs={data.jobs} />}
      </section>
    </>
  )
}

/** Which file it is, of which commit and event. */
function Source({ config, url }: { config: ProjectConfig; url: string | null }) {
  const { trigger, commit, config_path: file } = config
  return (
    <div>
      <p className="meta">
        {file === null ? (
          <span>No configuration file was found</span>
        ) : (
          <WebLink href={url}>
            <code>{file}</code>
          </WebLink>
        )}
        {commit === null ? null : (
          <span className="fact">
            <span className="subtle">of commit</span> <Commit sha={commit} copy />
          </span>
        )}
        <span className="fact">
          <span className="subtle">as understood at</span>
          <Link to="/pipeline/$id" params={{ id: String(config.run_id) }}>
            {triggerKind(trigger)} <span className="name">{triggerName(trigger)}</span>
          </Link>
        </span>
        <span className="subtle">
          <Time at={config.decided_at} />
        </span>
      </p>
      <p>{config.summary}</p>
    </div>
  )
}

/** What kept the event from being served, unless it is errors of the file, which are shown at their lines. */
function Problem({ config: { problem, errors } }: { config: ProjectConfig }) {
  if (problem === null || errors.length > 0) return null
  return (
    <Notice kind="danger" title={problem.title}>
      <span className="wrapped">{problem.summary}</span>
    </Notice>
  )
}
