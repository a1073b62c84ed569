import { createRoute, redirect, useLocation } from '@tanstack/react-router'
import type { ComponentType, ReactNode } from 'react'
import { PageBoundary } from '../components/PageBoundary.tsx'
import { RunSkeleton } from '../components/Skeleton.tsx'
import { Views } from '../components/Views.tsx'
import { type ListSearch, readListSearch } from '../lib/list-search.ts'
import { lazyPage, preloading } from './page.tsx'
import { root } from './root.tsx'

const SrpmPage = lazyPage(async () => (await import('../pages/StepPage.tsx')).SrpmPage)
const RpmPage = lazyPage(async () => (await import('../pages/StepPage.tsx')).RpmPage)

export const jobs = createRoute({
  getParentRoute: () => root,
  path: '/jobs',
  beforeLoad: () => {
    throw redirect({ to: '/jobs/copr', replace: true })
  },
})

type ListPage = ComponentType<{ search: ListSearch }> & { preload: () => Promise<unknown> }

/** A list of jobs at `/jobs/<name>`, whose address says all that is shown. */
function listRoute<const Name extends string>(name: Name, Page: ListPage) {
  const route = createRoute({
    getParentRoute: () => root,
    path: `/jobs/${name}`,
    validateSearch: readListSearch,
    component: preloading(Page, () => {
      const view: ListSearch = route.useSearch()
      return (
        <Views place={name} view={view}>
          {(search) => <Page search={search} />}
        </Views>
      )
    }),
  })
  return route
}

const builds = () => import('../pages/jobs/builds.tsx')
const downstream = () => import('../pages/jobs/downstream.tsx')
const analyses = () => import('../pages/jobs/analyses.tsx')
const KojiListPage = lazyPage(async () => (await downstream()).KojiListPage)
const SyncListPage = lazyPage(async () => (await downstream()).SyncListPage)

/** The same page for two lists of one kind. */
function withList<L extends string>(
  Page: ComponentType<{ search: ListSearch; list: L }> & { preload: ListPage['preload'] },
  list: L,
) {
  return preloadable(Page.preload, ({ search }: { search: ListSearch }) => <Page search={search} list={list} />)
}

function preloadable<Props>(preload: () => Promise<unknown>, component: (props: Props) => ReactNode) {
  return Object.assign(component, { preload })
}

export const jobLists = [
  listRoute(
    'copr',
    lazyPage(async () => (await builds()).RpmListPage),
  ),
  listRoute(
    'srpm',
    lazyPage(async () => (await builds()).SrpmListPage),
  ),
  listRoute(
    'testing-farm',
    lazyPage(async () => (await builds()).TestListPage),
  ),
  listRoute('koji', withList(KojiListPage, 'koji')),
  listRoute('koji-downstream', withList(KojiListPage, 'koji-downstream')),
  listRoute('propose-downstream', withList(SyncListPage, 'propose-downstream')),
  listRoute('pull-from-upstream', withList(SyncListPage, 'pull-from-upstream')),
  listRoute(
    'koji-tag-requests',
    lazyPage(async () => (await downstream()).TagListPage),
  ),
  listRoute(
    'bodhi',
    lazyPage(async () => (await downstream()).BodhiListPage),
  ),
  listRoute(
    'openscanhub',
    lazyPage(async () => (await analyses()).ScanListPage),
  ),
  listRoute(
    'log-detective',
    lazyPage(async () => (await analyses()).AnalysisListPage),
  ),
] as const

export const srpm = createRoute({
  getParentRoute: () => root,
  path: '/jobs/srpm/$id',
  component: preloading(SrpmPage, () => {
    const { id } = srpm.useParams()
    return (
      <PageBoundary place={`srpm ${id}`} skeleton={<RunSkeleton />}>
        <SrpmPage id={id} hash={useLocation().hash} />
      </PageBoundary>
    )
  }),
})

export const rpm = createRoute({
  getParentRoute: () => root,
  path: '/jobs/copr/$id',
  component: preloading(RpmPage, () => {
    const { id } = rpm.useParams()
    return (
      <PageBoundary place={`build ${id}`} skeleton={<RunSkeleton />}>
        <RpmPage id={id} hash={useLocation().hash} />
      </PageBoundary>
    )
  }),
})

type DetailPage = ComponentType<{ id: string }> & { preload: () => Promise<unknown> }

/** One job at `/jobs/<name>/<id>`. */
function detailRoute<const Name extends string>(name: Name, Page: DetailPage) {
  const route = createRoute({
    getParentRoute: () => root,
    path: `/jobs/${name}/$id`,
    component: preloading(Page, () => {
      const { id } = route.useParams() as { id: string }
      return (
        <PageBoundary place={`${name} ${id}`} skeleton={<RunSkeleton />}>
          <Page id={id} />
        </PageBoundary>
      )
    }),
  })
  return route
}

const koji = () => import('../pages/jobs/KojiPage.tsx')
const later = () => import('../pages/jobs/DownstreamPage.tsx')
const analysis = () => import('../pages/jobs/AnalysisPages.tsx')
const KojiPage = lazyPage(async () => (await koji()).KojiPage)
const SyncPage = lazyPage(async () => (await later()).SyncPage)

function syncOf(list: 'propose-downstream' | 'pull-from-upstream'): DetailPage {
  return preloadable(SyncPage.preload, ({ id }: { id: string }) => <SyncPage id={id} list={list} />)
}

export const jobDetails = [
  detailRoute(
    'testing-farm',
    lazyPage(async () => (await import('../pages/jobs/TestPage.tsx')).TestPage),
  ),
  detailRoute('koji', KojiPage),
  detailRoute('koji-downstream', KojiPage),
  detailRoute(
    'koji-tag-request',
    lazyPage(async () => (await koji()).TagPage),
  ),
  detailRoute(
    'bodhi',
    lazyPage(async () => (await later()).BodhiPage),
  ),
  detailRoute('propose-downstream', syncOf('propose-downstream')),
  detailRoute('pull-from-upstream', syncOf('pull-from-upstream')),
  detailRoute(
    'openscanhub',
    lazyPage(async () => (await analysis()).ScanPage),
  ),
  detailRoute(
    'log-detective',
    lazyPage(async () => (await analysis()).AnalysisPage),
  ),
  detailRoute(
    'log-detective/group',
    lazyPage(async () => (await analysis()).AnalysisGroupPage),
  ),
] as const
