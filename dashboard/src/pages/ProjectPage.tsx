import { useSuspenseQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { PER_PAGE } from '../api/list-filter.ts'
import {
  branchesQuery,
  keyOf,
  type ProjectPath,
  projectQuery,
  pullRequestsQuery,
  releasesQuery,
} from '../api/queries.ts'
import type { LatestRun, Project } from '../api/types.ts'
import { ProjectCrumbs } from '../components/Breadcrumbs.tsx'
import { Empty } from '../components/Empty.tsx'
import { Follow } from '../components/Follow.tsx'
import { Commit } from '../components/Names.tsx'
import { Pager } from '../components/Pager.tsx'
import { StaleNotice } from '../components/Stale.tsx'
import { StateLabel } from '../components/StateLabel.tsx'
import { Time } from '../components/Time.tsx'
import { useVisited } from '../components/useVisited.ts'
import { WebLink } from '../components/WebLink.tsx'
import { projectName } from '../lib/names.ts'
import { PROJECT_TABS, type ProjectSearch, type ProjectTab } from '../lib/project-search.ts'
import { GroupPage } from './GroupPage.tsx'

interface ProjectProps {
  path: ProjectPath
  search: ProjectSearch
}

const TAB_NAMES: Record<ProjectTab, string> = { prs: 'Pull requests', branches: 'Branches', releases: 'Releases' }

/**
 * A project: its pull requests, branches and releases with the state of their newest runs.
 *
 * An address such as `gitlab.com/group/sub` may also be a namespace: it is, where no project has it.
 */
export function ProjectPage({ path, search }: ProjectProps) {
  const { data } = useSuspenseQuery(projectQuery(path))
  if (data === null) {
    return <GroupPage forge={path.forge} namespace={`${path.namespace}/${path.repo}`} page={search.page ?? 1} strict />
  }
  return <KnownProject project={data} path={path} search={search} />
}

function KnownProject({ project: data, path, search }: ProjectProps & { project: Project }) {
  useVisited(`/projects/${keyOf(path)}`, projectName(path.namespace, path.repo), path.forge)
  const tab = search.tab ?? 'prs'
  const counts = { prs: data.prs_handled, branches: data.branches_handled, releases: data.releases_handled }
  return (
    <>
      <title>{`${projectName(path.namespace, path.repo)} · Packit`}</title>
      <ProjectCrumbs forge={path.forge} namespace={path.namespace} repo={path.repo} />
      <div className="title-row">
        <h1>{projectName(path.namespace, path.repo)}</h1>
        <Follow what={{ project: keyOf(path), pr: null }} name={projectName(path.namespace, path.repo)} />
      </div>
      <p className="meta">
        <WebLink href={data.project_url}>{data.project_url.replace(/^https?:\/\//, '')}</WebLink>
        <Link to="/pipelines" search={{ project: keyOf(path) }}>
          All runs of this project
        </Link>
      </p>
      <Tabs tab={tab} counts={counts} path={path} />
      {tab === 'prs' ? <PullRequests path={path} page={search.page ?? 1} /> : null}
      {tab === 'branches' ? <Branches path={path} page={search.page ?? 1} /> : null}
      {tab === 'releases' ? <Releases path={path} page={search.page ?? 1} /> : null}
    </>
  )
}

interface TabsProps {
  tab: ProjectTab
  counts: Record<ProjectTab, number>
  path: ProjectPath
}

/** Each part has an address of its own, so these are links. */
function Tabs({ tab, counts, path: { forge, namespace, repo } }: TabsProps) {
  return (
    <nav className="pf-v6-c-tabs tabs" aria-label="Parts of the project">
      <ul className="pf-v6-c-tabs__list">
        {PROJECT_TABS.map((name) => (
          <li key={name} className={`pf-v6-c-tabs__item ${name === tab ? 'pf-m-current' : ''}`}>
            <Link
              className="pf-v6-c-tabs__link"
              to="/projects/$forge/$"
              params={{ forge, _splat: `${namespace}/${repo}` }}
              search={name === 'prs' ? {} : { tab: name }}
              activeOptions={{ includeSearch: true, exact: true }}
              aria-current={name === tab ? 'page' : undefined}
            >
              <span className="pf-v6-c-tabs__item-text">
                {TAB_NAMES[name]} <span className="subtle">{counts[name]}</span>
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}

interface PartProps {
  path: ProjectPath
  page: number
}

function PullRequests({ path, page }: PartProps) {
  const { data, error, dataUpdatedAt } = useSuspenseQuery(pullRequestsQuery(path, page))
  return (
    <Part of="pull requests" data={data} page={page} error={error} at={dataUpdatedAt}>
      {data.items.map((pr) => (
        <Row key={pr.pr_id} latest={pr.latest}>
          <span className="part-name">
            <WebLink className="name" href={pr.url}>
              #{pr.pr_id}
            </WebLink>{' '}
            {pr.title}
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

function Branches({ path, page }: PartProps) {
  const { data, error, dataUpdatedAt } = useSuspenseQuery(branchesQuery(path, page))
  return (
    <Part of="branches" data={data} page={page} error={error} at={dataUpdatedAt}>
      {data.items.map(({ branch, latest }) => (
        <Row key={branch} latest={latest}>
          <span className="part-name">
            <code>{branch}</code>
          </span>
        </Row>
      ))}
    </Part>
  )
}

function Releases({ path, page }: PartProps) {
  const { data, error, dataUpdatedAt } = useSuspenseQuery(releasesQuery(path, page))
  return (
    <Part of="releases" data={data} page={page} error={error} at={dataUpdatedAt}>
      {data.items.map(({ tag_name, commit_hash, latest }) => (
        <Row key={tag_name} latest={latest}>
          <span className="part-name">
            <code>{tag_name}</code>
          </span>
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

interface ListPartProps {
  of: 'pull requests' | 'branches' | 'releases'
  data: { items: readonly unknown[]; total: number | null }
  page: number
  error: Error | null
  at: number
  children: ReactNode
}

const FIRST_STEP: Record<ListPartProps['of'], ReactNode> = {
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
}

function Part({ of, data, page, error, at, children }: ListPartProps) {
  if (data.items.length === 0 && page === 1) {
    return (
      <Empty icon="cube" title={`No ${of} yet`}>
        <p>{FIRST_STEP[of]}</p>
      </Empty>
    )
  }
  return (
    <>
      <StaleNotice error={error} at={at} />
      <ul className="part-list">{children}</ul>
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
