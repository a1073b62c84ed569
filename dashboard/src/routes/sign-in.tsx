import { createRoute } from '@tanstack/react-router'
import { PageBoundary } from '../components/PageBoundary.tsx'
import { SIGN_IN_PROBLEMS, type SignInSearch } from '../lib/account.ts'
import { lazyPage, preloading, type Raw, textOf, wordOf } from './page.tsx'
import { root } from './root.tsx'

const SignInPage = lazyPage(async () => (await import('../pages/SignInPage.tsx')).SignInPage)

export const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (raw: Raw): SignInSearch => ({
    ...textOf(raw, 'back'),
    ...textOf(raw, 'code'),
    ...wordOf(raw, 'problem', SIGN_IN_PROBLEMS),
  }),
  component: preloading(SignInPage, () => (
    <PageBoundary place="sign-in">
      <SignInPage search={signIn.useSearch()} />
    </PageBoundary>
  )),
})
