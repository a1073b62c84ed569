import { createRoute, useLocation } from '@tanstack/react-router'
import { PageBoundary } from '../components/PageBoundary.tsx'
import { RunSkeleton } from '../components/Skeleton.tsx'
import { lazyPage, preloading } from './page.tsx'
import { root } from './root.tsx'

const SrpmPage = lazyPage(async () => (await import('../pages/StepPage.tsx')).SrpmPage)
const RpmPage = lazyPage(async () => (await import('../pages/StepPage.tsx')).RpmPage)

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
