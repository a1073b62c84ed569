import { useSuspenseQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { PER_PAGE } from '../../api/list-filter.ts'
import { issuesQuery } from '../../api/project-queries.ts'
import { branchesQuery, keyOf, type ProjectPath, pullRequestsQuery, releasesQuery } from '../../api/queries.ts'
import type { LatestRun } from '../../api/types.ts'
import { Empty } from '../../components/Empty.tsx'
import { Commit } from '../../components/Names.tsx'
import { Pager } from '../../components/Pager.tsx'
import { StaleNotice } from '../../components/Stale.tsx'
import { StateLabel } from '../../components/StateLabel.tsx'
import { Time } from '../../components/Time.tsx'
import { WebLink } from '../../components/WebLink.tsx'
import { issueUrl } from '../../lib/forge-links.ts'

interface PartProps {
  path: ProjectPath
  page: number
}

/** Every pull request that was handled. A name leads to its runs, a number to the forge. */
export function PullRequests({ path, page }: PartProps) {
  const { data, error, dataUpdatedAt } = useSuspenseQuery(pullRequestsQuery(path, page))
  return (
    <Part of="pull requests" data={data} page={page} error={error} at={dataUpdatedAt}>
      {data.items.map((pr) => (
        <Row key={pr.pr_id} latest={pr.latest}>
          <span className="part-name">
            <WebLink className="name" href={pr.url}>
              #{pr.pr_id}
            </WebLink>{' '}
            <Link to="/pipelines" search={{ project: keyOf(path), pr: pr.pr_id }}>
              {pr.title ?? `Runs of #${pr.pr_id}`}
            </Link>
          </span>
          <span className="part-facts subtle">
            {pr.open ? 'open' : 'closed'}
            {pr.author ? `, by ${pr.author}` : ''}
          </span>
        </Row>
      ))}
    </Part>
  )
}

export function Branches({ path, page }: PartProps) {
  const { data, error, dataUpdatedAt } = useSuspenseQuery(branchesQuery(path, page))
  return (
    <Part of="branches" data={data} page={page} error={error} at={dataUpdatedAt}>
      {data.items.map(({ branch, latest }) => (
        <Row key={branch} latest={latest}>
          <Link className="part-name" to="/pipelines" search={{ project: keyOf(path), branch: branch ?? undefined }}>
            <code>{branch}</code>
          </Link>
        </Row>
      ))}
    </Part>
  )
}

export function Releases({ path, page }: PartProps) {
  const { data, error, dataUpdatedAt } = useSuspenseQuery(releasesQuery(path, page))
  return (
    <Part of="releases" data={data} page={page} error={error} at={dataUpdatedAt}>
      {data.items.map(({ tag_name, commit_hash, latest }) => (
        <Row key={tag_name} latest={latest}>
          <Link className="part-name" to="/pipelines" search={{ project: keyOf(path), release: tag_name ?? undefined }}>
            <code>{tag_name}</code>
          </Link>
          {commit_hash ? (
            <span className="part-facts subtle">
              <Commit sha={commit_hash} />
            </span>
          ) : null}
        </Row>
      ))}
    </Part>
  )
}

/** Issues in which something was asked for; the service keeps their numbers only. */
export function Issues({ path, page, projectUrl }: PartProps & { projectUrl: string }) {
  const { data, error, dataUpdatedAt } = useSuspenseQuery(issuesQuery(path, page))
  return (
    <Part of="issues" data={data} page={page} error={error} at={dataUpdatedAt}>
      {data.items.map((number) => (
        <li key={number} className="part-row">
          <WebLink className="name" href={issueUrl(path.forge, projectUrl, number)}>
            #{number}
          </WebLink>
        </li>
      ))}
    </Part>
  )
}

type PartName = 'pull requests' | 'branches' | 'releases' | 'issues'

interface ListPartProps {
  of: PartName
  data: { items: readonly unknown[]; total: number | null }
  page: number
  error: Error | null
  at: number
  children: ReactNode
}

const FIRST_STEP: Record<PartName, ReactNode> = {
  'pull requests': (
    <>
      Give a job in <code>.packit.yaml</code> the line <code>trigger: pull_request</code>, then open one.
    </>
  ),
  branches: (
    <>
      Give a job in <code>.packit.yaml</code> the line <code>trigger: commit</code>, then push.
    </>
  ),
  releases: (
    <>
      Give a job in <code>.packit.yaml</code> the line <code>trigger: release</code>, then tag a version.
    </>
  ),
  issues: (
    <>
      An issue stands here when something was asked for in it, such as <code>/packit propose-downstream</code>.
    </>
  ),
}

function Part({ of, data, page, error, at, children }: ListPartProps) {
  const isEmpty = data.items.length === 0
  return (
    <>
      <StaleNotice error={error} at={at} />
      {isEmpty && page === 1 ? (
        <Empty icon="cube" title={`No ${of} yet`}>
          <p>{FIRST_STEP[of]}</p>
        </Empty>
      ) : null}
      {isEmpty && page > 1 ? (
        <Empty icon="search" title="The list ends before this page">
          <p>
            <Link to="." search={(before: object) => ({ ...before, page: undefined })}>
              Go to the first page
            </Link>
          </p>
        </Empty>
      ) : null}
      {isEmpty ? null : <ul className="part-list">{children}</ul>}
      <Pager page={page} perPage={PER_PAGE} shown={data.items.length} total={data.total} of={of} />
    </>
  )
}

function Row({ latest, children }: { latest: readonly LatestRun[]; children: ReactNode }) {
  return (
    <li className="part-row">
      <div className="part-what">{children}</div>
      <div className="part-runs">
        {latest.length === 0 ? <span className="subtle">no run</span> : null}
        {latest.map((run) => (
          <Link
            key={run.merged_run_id}
            to="/pipeline/$id"
            params={{ id: String(run.merged_run_id) }}
            className="part-run"
          >
            <StateLabel state={run.state} />
            {run.package ? <code>{run.package}</code> : null}
            <span className="part-when subtle">
              <Time at={run.created_at} />
            </span>
          </Link>
        ))}
      </div>
    </li>
  )
}
