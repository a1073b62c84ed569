import type { QueryClient } from '@tanstack/react-query'
import { createRootRouteWithContext, redirect } from '@tanstack/react-router'
import { ErrorPage, NotFound } from '../components/PageBoundary.tsx'
import { Shell } from '../components/Shell.tsx'
import { newAddress } from '../lib/old-addresses.ts'

export const root = createRootRouteWithContext<{ queries: QueryClient }>()({
  component: Shell,
  notFoundComponent: () => <NotFound />,
  errorComponent: ({ error, reset }) => <ErrorPage error={error} onRetry={reset} />,
  beforeLoad: ({ location }) => {
    const address = newAddress(location.pathname)
    if (address !== null) throw redirect({ href: address, replace: true })
  },
})
