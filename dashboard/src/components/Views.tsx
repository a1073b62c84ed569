import { type ReactNode, useDeferredValue } from 'react'
import { type BoundaryProps, PageBoundary } from './PageBoundary.tsx'
import { useSlow } from './Skeleton.tsx'

interface ViewsProps<View> extends Omit<BoundaryProps, 'view' | 'children'> {
  /** What of the address says which view this is; the same object as long as it says the same. */
  view: View
  children: (view: View) => ReactNode
}

/**
 * A page that can be looked at in several views: filters, pages, periods. The last view stays, dimmed, until the next has
 * its answer, so that nothing jumps and whoever works by keys keeps the place. Another page begins with its skeleton.
 */
export function Views<View>(props: ViewsProps<View>) {
  return <ViewsOfPlace key={props.place} {...props} />
}

function ViewsOfPlace<View>({ view, children, ...page }: ViewsProps<View>) {
  const shown = useDeferredValue(view)
  const isAwaited = shown !== view
  return (
    <div className={isAwaited ? 'views awaited' : 'views'} aria-busy={isAwaited || undefined}>
      {isAwaited ? <SlowNotice /> : null}
      <PageBoundary view={shown} {...page}>
        {children(shown)}
      </PageBoundary>
    </div>
  )
}

function SlowNotice() {
  return useSlow() ? <p role="status">The service takes its time to answer. Still trying…</p> : null
}
