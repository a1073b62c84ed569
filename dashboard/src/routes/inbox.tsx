import { createRoute } from '@tanstack/react-router'
import { PageBoundary } from '../components/PageBoundary.tsx'
import { RunSkeleton } from '../components/Skeleton.tsx'
import { Views } from '../components/Views.tsx'
import { readListSearch } from '../lib/list-search.ts'
import { lazyPage, preloading } from './page.tsx'
import { root } from './root.tsx'

const InboxPage = lazyPage(async () => (await import('../pages/inbox/InboxPage.tsx')).InboxPage)
const DeliveryPage = lazyPage(async () => (await import('../pages/inbox/DeliveryPage.tsx')).DeliveryPage)

export const inbox = createRoute({
  getParentRoute: () => root,
  path: '/inbox',
  validateSearch: readListSearch,
  component: preloading(InboxPage, () => {
    return (
      <Views place="inbox" view={inbox.useSearch()}>
        {(search) => <InboxPage search={search} />}
      </Views>
    )
  }),
})

export const delivery = createRoute({
  getParentRoute: () => root,
  path: '/inbox/$id',
  component: preloading(DeliveryPage, () => {
    const { id } = delivery.useParams()
    return (
      <PageBoundary place={`delivery ${id}`} skeleton={<RunSkeleton />}>
        <DeliveryPage id={id} />
      </PageBoundary>
    )
  }),
})
