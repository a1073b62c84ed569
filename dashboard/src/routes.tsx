import type { QueryClient } from '@tanstack/react-query'
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  redirect,
  useLocation,
  useParams,
  useSearch,
} from '@tanstack/react-router'
import { basePath } from './api/base.ts'
import { ErrorPage, NotFound, PageBoundary } from './components/PageBoundary.tsx'
import { Shell } from './components/Shell.tsx'
import { RunSkeleton } from './components/Skeleton.tsx'
import { SIGN_IN_PROBLEMS } from './lib/account.ts'
import { newAddress } from './lib/old-addresses.ts'
import { parseSearch, stringifySearch } from './lib/search.ts'
import { STATES } from './lib/state.ts'
import { GroupPage } from './pages/GroupPage.tsx'
import { HomePage } from './pages/HomePage.tsx'
import { PROJECT_TABS, ProjectPage, type ProjectSearch } from './pages/ProjectPage.tsx'
import { ProjectsPage, type ProjectsSearch } from './pages/ProjectsPage.tsx'
import { RunPage, type RunSearch } from './pages/RunPage.tsx'
import { RunsPage, type RunsSearch } from './pages/RunsPage.tsx'
import { SignInPage, type SignInSearch } from './pages/SignInPage.tsx'
import { RpmPage, SrpmPage } from './pages/StepPage.tsx'

type Raw = Record<string, unknown>

const root = createRootRouteWithContext<{ queries: QueryClient }>()({
  component: Shell,
  notFoundComponent: () => <NotFound />,
  errorComponent: ({ error, reset }) => <ErrorPage error={error} onRetry={reset} />,
  beforeLoad: ({ location }) => {
    const address = newAddress(location.pathname)
    if (address !== null) throw redirect({ href: address, replace: true })
  },
})

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: () => (
    <PageBoundary place="home">
      <HomePage />
    </PageBoundary>
  ),
})

const projects = createRoute({
  getParentRoute: () => root,
  path: '/projects',
  validateSearch: (raw: Raw): ProjectsSearch => ({ ...textOf(raw, 'q'), ...numberOf(raw, 'page') }),
  component: function Projects() {
    return (
      <PageBoundary place="projects">
        <ProjectsPage search={projects.useSearch()} />
      </PageBoundary>
    )
  },
})

// Three addresses, one component: which of them a path matches depends on the router's ranking, what it means doesn't.
const ofProject = (raw: Raw): ProjectSearch => ({ ...wordOf(raw, 'tab', PROJECT_TABS), ...numberOf(raw, 'page') })
const forge = createRoute({
  getParentRoute: () => root,
  path: '/projects/$forge',
  validateSearch: ofProject,
  component: BelowProjects,
})
const namespace = createRoute({
  getParentRoute: () => root,
  path: '/projects/$forge/$namespace',
  validateSearch: ofProject,
  component: BelowProjects,
})
const project = createRoute({
  getParentRoute: () => root,
  path: '/projects/$forge/$',
  validateSearch: ofProject,
  component: BelowProjects,
})

/** A forge, a namespace or a project: namespaces may hold slashes, the last part is the project's name. */
function BelowProjects() {
  const params = useParams({ strict: false })
  const search: ProjectSearch = useSearch({ strict: false })
  const host = params.forge ?? ''
  const parts = (params.namespace ?? params._splat ?? '').split('/').filter((part) => part !== '')
  const repo = parts.length > 1 ? parts.pop() : undefined
  const name = parts.join('/')
  const page = search.page ?? 1
  return (
    <PageBoundary place={`${host}/${name}/${repo ?? ''} ${search.tab ?? ''} ${page}`}>
      {repo !== undefined ? <ProjectPage path={{ forge: host, namespace: name, repo }} search={search} /> : null}
      {repo === undefined && name !== '' ? <GroupPage forge={host} namespace={name} page={page} /> : null}
      {name === '' ? <GroupPage forge={host} page={page} /> : null}
    </PageBoundary>
  )
}

const runs = createRoute({
  getParentRoute: () => root,
  path: '/pipelines',
  validateSearch: (raw: Raw): RunsSearch => ({
    ...wordOf(raw, 'status', STATES),
    ...textOf(raw, 'project'),
    ...numberOf(raw, 'pr'),
    ...numberOf(raw, 'page'),
  }),
  component: function Runs() {
    const search = runs.useSearch()
    return (
      <PageBoundary place={`runs ${JSON.stringify(search)}`}>
        <RunsPage search={search} />
      </PageBoundary>
    )
  },
})

const run = createRoute({
  getParentRoute: () => root,
  path: '/pipeline/$id',
  validateSearch: (raw: Raw): RunSearch => textOf(raw, 'log'),
  component: function Run() {
    const { id } = run.useParams()
    return (
      <PageBoundary place={`run ${id}`} skeleton={<RunSkeleton />}>
        <RunPage id={id} search={run.useSearch()} hash={useLocation().hash} />
      </PageBoundary>
    )
  },
})

const srpm = createRoute({
  getParentRoute: () => root,
  path: '/jobs/srpm/$id',
  component: function Srpm() {
    const { id } = srpm.useParams()
    return (
      <PageBoundary place={`srpm ${id}`} skeleton={<RunSkeleton />}>
        <SrpmPage id={id} hash={useLocation().hash} />
      </PageBoundary>
    )
  },
})

const rpm = createRoute({
  getParentRoute: () => root,
  path: '/jobs/copr/$id',
  component: function Rpm() {
    const { id } = rpm.useParams()
    return (
      <PageBoundary place={`build ${id}`} skeleton={<RunSkeleton />}>
        <RpmPage id={id} hash={useLocation().hash} />
      </PageBoundary>
    )
  },
})

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (raw: Raw): SignInSearch => ({
    ...textOf(raw, 'back'),
    ...textOf(raw, 'code'),
    ...wordOf(raw, 'problem', SIGN_IN_PROBLEMS),
  }),
  component: function SignIn() {
    return (
      <PageBoundary place="sign-in">
        <SignInPage search={signIn.useSearch()} />
      </PageBoundary>
    )
  },
})

const tree = root.addChildren([home, projects, forge, namespace, project, runs, run, srpm, rpm, signIn])

/** The addresses of the pages. They are public: forges, mails and bookmarks hold them. */
export function createAppRouter(queries: QueryClient) {
  return createRouter({
    routeTree: tree,
    basepath: basePath(),
    context: { queries },
    parseSearch,
    stringifySearch,
    scrollRestoration: true,
    defaultPreload: 'intent',
    trailingSlash: 'never',
  })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>
  }
}

function textOf<K extends string>(raw: Raw, key: K): { [key in K]?: string | undefined } {
  const value = raw[key]
  return (typeof value === 'string' && value !== '' ? { [key]: value } : {}) as { [key in K]?: string | undefined }
}

/** A whole number from 1 on; anything else counts as not given. */
function numberOf<K extends string>(raw: Raw, key: K): { [key in K]?: number | undefined } {
  const value = Number(raw[key])
  return (Number.isSafeInteger(value) && value > 0 ? { [key]: value } : {}) as { [key in K]?: number | undefined }
}

function wordOf<K extends string, W extends string>(
  raw: Raw,
  key: K,
  words: readonly W[],
): { [key in K]?: W | undefined } {
  const value = words.find((word) => word === raw[key])
  return (value === undefined ? {} : { [key]: value }) as { [key in K]?: W | undefined }
}
