import { createRoute, useParams, useSearch } from '@tanstack/react-router'
import { PageBoundary } from '../components/PageBoundary.tsx'
import {
  HISTORY_DAYS,
  PROJECT_TABS,
  type ProjectSearch,
  type ProjectsSearch,
  ROW_KINDS,
} from '../lib/project-search.ts'
import { lazyPage, numberOf, preloading, type Raw, textOf, wordOf } from './page.tsx'
import { root } from './root.tsx'

const ProjectsPage = lazyPage(async () => (await import('../pages/ProjectsPage.tsx')).ProjectsPage)
const ProjectPage = lazyPage(async () => (await import('../pages/ProjectPage.tsx')).ProjectPage)
const GroupPage = lazyPage(async () => (await import('../pages/GroupPage.tsx')).GroupPage)

export const projects = createRoute({
  getParentRoute: () => root,
  path: '/projects',
  validateSearch: (raw: Raw): ProjectsSearch => ({ ...textOf(raw, 'q'), ...numberOf(raw, 'page') }),
  component: preloading(ProjectsPage, () => (
    <PageBoundary place="projects">
      <ProjectsPage search={projects.useSearch()} />
    </PageBoundary>
  )),
})

// Three addresses, one component: which of them a path matches depends on the router's ranking, what it means doesn't.
const ofProject = (raw: Raw): ProjectSearch => ({
  ...wordOf(raw, 'tab', PROJECT_TABS),
  ...numberOf(raw, 'page'),
  ...wordOf(raw, 'kind', ROW_KINDS),
  ...numberOf(raw, 'after'),
  ...(HISTORY_DAYS.some((days) => String(days) === String(raw.days)) ? numberOf(raw, 'days') : {}),
  ...textOf(raw, 'branch'),
  ...numberOf(raw, 'pr'),
  ...textOf(raw, 'target'),
})
const BelowProjects = preloading(ProjectPage, PagesBelowProjects)

export const forge = createRoute({
  getParentRoute: () => root,
  path: '/projects/$forge',
  validateSearch: ofProject,
  component: BelowProjects,
})
export const namespace = createRoute({
  getParentRoute: () => root,
  path: '/projects/$forge/$namespace',
  validateSearch: ofProject,
  component: BelowProjects,
})
export const project = createRoute({
  getParentRoute: () => root,
  path: '/projects/$forge/$',
  validateSearch: ofProject,
  component: BelowProjects,
})

/** A forge, a namespace or a project: namespaces may hold slashes, the last part is the project's name. */
function PagesBelowProjects() {
  const params = useParams({ strict: false })
  const search: ProjectSearch = useSearch({ strict: false })
  const host = params.forge ?? ''
  const parts = (params.namespace ?? params._splat ?? '').split('/').filter((part) => part !== '')
  const repo = parts.length > 1 ? parts.pop() : undefined
  const name = parts.join('/')
  const page = search.page ?? 1
  // a project's parts wait and fail by themselves: its heading stays
  return (
    <PageBoundary place={`${host}/${name}/${repo ?? ` ${page}`}`}>
      {repo !== undefined ? <ProjectPage path={{ forge: host, namespace: name, repo }} search={search} /> : null}
      {repo === undefined && name !== '' ? <GroupPage forge={host} namespace={name} page={page} /> : null}
      {name === '' ? <GroupPage forge={host} page={page} /> : null}
    </PageBoundary>
  )
}
