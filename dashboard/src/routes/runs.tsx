import { createRoute, useLocation } from '@tanstack/react-router'
import { PageBoundary } from '../components/PageBoundary.tsx'
import { RunSkeleton } from '../components/Skeleton.tsx'
import { Views } from '../components/Views.tsx'
import { readListSearch } from '../lib/list-search.ts'
import type { CompareSearch, RunSearch } from '../lib/run-search.ts'
import { lazyPage, preloading, type Raw, textOf } from './page.tsx'
import { root } from './root.tsx'

const RunsPage = lazyPage(async () => (await import('../pages/RunsPage.tsx')).RunsPage)
const RunPage = lazyPage(async () => (await import('../pages/RunPage.tsx')).RunPage)
const ComparePage = lazyPage(async () => (await import('../pages/compare/ComparePage.tsx')).ComparePage)

export const runs = createRoute({
  getParentRoute: () => root,
  path: '/pipelines',
  validateSearch: readListSearch,
  component: preloading(RunsPage, () => {
    return (
      <Views place="runs" view={runs.useSearch()}>
        {(search) => <RunsPage search={search} />}
      </Views>
    )
  }),
})

export const run = createRoute({
  getParentRoute: () => root,
  path: '/pipeline/$id',
  validateSearch: (raw: Raw): RunSearch => textOf(raw, 'log'),
  component: preloading(RunPage, () => {
    const { id } = run.useParams()
    return (
      <PageBoundary place={`run ${id}`} skeleton={<RunSkeleton />}>
        <RunPage id={id} search={run.useSearch()} hash={useLocation().hash} />
      </PageBoundary>
    )
  }),
})

export const compare = createRoute({
  getParentRoute: () => root,
  path: '/compare',
  validateSearch: (raw: Raw): CompareSearch => ({ ...textOf(raw, 'a'), ...textOf(raw, 'b') }),
  component: preloading(ComparePage, () => {
    const search = compare.useSearch()
    return (
      <PageBoundary place={`compare ${JSON.stringify(search)}`}>
        <ComparePage search={search} />
      </PageBoundary>
    )
  }),
})
