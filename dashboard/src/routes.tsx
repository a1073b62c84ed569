import type { QueryClient } from '@tanstack/react-query'
import { createRouter } from '@tanstack/react-router'
import { basePath } from './api/base.ts'
import { parseSearch, stringifySearch } from './lib/search.ts'
import { home } from './routes/home.tsx'
import { delivery, inbox } from './routes/inbox.tsx'
import { jobDetails, jobLists, jobs, rpm, srpm } from './routes/jobs.tsx'
import { forge, namespace, project, projects } from './routes/projects.tsx'
import { root } from './routes/root.tsx'
import { compare, run, runs } from './routes/runs.tsx'
import { signIn } from './routes/sign-in.tsx'
import { usage } from './routes/usage.tsx'

const tree = root.addChildren([
  home,
  projects,
  forge,
  namespace,
  project,
  runs,
  run,
  compare,
  jobs,
  srpm,
  rpm,
  signIn,
  usage,
  inbox,
  delivery,
  ...jobLists,
  ...jobDetails,
])

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
