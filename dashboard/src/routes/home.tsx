import { createRoute } from '@tanstack/react-router'
import { PageBoundary } from '../components/PageBoundary.tsx'
import { lazyPage, preloading } from './page.tsx'
import { root } from './root.tsx'

const HomePage = lazyPage(async () => (await import('../pages/HomePage.tsx')).HomePage)

export const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: preloading(HomePage, () => (
    <PageBoundary place="home">
      <HomePage />
    </PageBoundary>
  )),
})
