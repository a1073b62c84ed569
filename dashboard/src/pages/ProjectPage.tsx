import { useSuspenseQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { keyOf, type ProjectPath, projectQuery } from '../api/queries.ts'
import type { Project } from '../api/types.ts'
import { ProjectCrumbs } from '../components/Breadcrumbs.tsx'
import { PageBoundary } from '../components/PageBoundary.tsx'
import { PartSkeleton } from '../components/Skeleton.tsx'
import { Time } from '../components/Time.tsx'
import { useVisited } from '../components/useVisited.ts'
import { Views } from '../components/Views.tsx'
import { Watch } from '../components/Watch.tsx'
import { WebLink } from '../components/WebLink.tsx'
import { usualKind } from '../lib/grid.ts'
import { projectName } from '../lib/names.ts'
import { type ProjectSearch, USUAL_DAYS } from '../lib/project-search.ts'
import { GroupPage } from './GroupPage.tsx'
import { BadgeView } from './project/BadgeView.tsx'
import { ConfigView } from './project/ConfigView.tsx'
import { Grid } from './project/Grid.tsx'
import { History } from './project/History.tsx'
import { Branches, Issues, PullRequests, Releases } from './project/Parts.tsx'
import { Tabs } from './project/Tabs.tsx'

interface ProjectProps {
  path: ProjectPath
  search: ProjectSearch
}

/**
 * A project: how it stands now, how it went, and what it is made from. Each part has an address of its own.
 *
 * An address such as `gitlab.com/group/sub` may also be a namespace: it is, where no project has it.
 */
export function ProjectPage({ path, search }: ProjectProps) {
  const { data } = useSuspenseQuery(projectQuery(path))
  const { forge, namespace, repo } = path
  const { page = 1, tab = 'now' } = search
  const name = projectName(namespace, repo)
  useVisited(data && `/projects/${keyOf(path)}`, name, forge)
  if (data === null) {
    return (
      <PageBoundary place={`page ${page}`}>
        <GroupPage forge={forge} namespace={`${namespace}/${repo}`} page={page} strict />
      </PageBoundary>
    )
  }
  return (
    <>
      <title>{`${name} · Packit`}</title>
      <ProjectCrumbs forge={forge} namespace={namespace} repo={repo} />
      <div className="title-row">
        <h1>{name}</h1>
        <Watch what={{ project: keyOf(path), pr: null }} name={name} />
      </div>
      <Facts project={data} path={path} />
      <Tabs tab={tab} project={data} path={path} />
      <Views place={tab} view={search} skeleton={<PartSkeleton />} level={2}>
        {(view) => <Part path={path} search={view} project={data} />}
      </Views>
    </>
  )
}

function Part({ path, search, project }: ProjectProps & { project: Project }) {
  const page = search.page ?? 1
  switch (search.tab ?? 'now') {
    case 'now':
      return <Grid path={path} kind={search.kind ?? usualKind(project)} after={search.after} />
    case 'history':
      return <History path={path} days={search.days ?? USUAL_DAYS} />
    case 'config':
      return <ConfigView path={path} projectUrl={project.project_url} />
    case 'badge':
      return <BadgeView path={path} choice={search} />
    case 'prs':
      return <PullRequests path={path} page={page} />
    case 'branches':
      return <Branches path={path} page={page} />
    case 'releases':
      return <Releases path={path} page={page} />
    case 'issues':
      return <Issues path={path} page={page} projectUrl={project.project_url} />
  }
}

function Facts({ project, path }: { project: Project; path: ProjectPath }) {
  const search = { project: keyOf(path) }
  return (
    <p className="meta">
      <WebLink href={project.project_url}>{project.project_url.replace(/^https?:\/\//, '')}</WebLink>
      <Link to="/pipelines" search={search}>
        All runs
      </Link>
      <Link to="/jobs/copr" search={search}>
        All RPM builds
      </Link>
      <Link to="/jobs/srpm" search={search}>
        All SRPM builds
      </Link>
      <Link to="/jobs/testing-farm" search={search}>
        All tests
      </Link>
      {project.last_activity_at === null ? null : (
        <span className="subtle">
          last active <Time at={project.last_activity_at} />
        </span>
      )}
    </p>
  )
}
