import { createRoute } from '@tanstack/react-router'
import { Views } from '../components/Views.tsx'
import { PERIOD_NAMES, type PeriodName } from '../lib/usage.ts'
import { lazyPage, preloading, type Raw, wordOf } from './page.tsx'
import { root } from './root.tsx'

const UsagePage = lazyPage(async () => (await import('../pages/usage/UsagePage.tsx')).UsagePage)

export const usage = createRoute({
  getParentRoute: () => root,
  path: '/usage',
  validateSearch: (raw: Raw): { period?: PeriodName | undefined } => wordOf(raw, 'period', PERIOD_NAMES),
  component: preloading(UsagePage, () => {
    const { period = 'day' } = usage.useSearch()
    return (
      <Views place="usage" view={period}>
        {(shown) => <UsagePage period={shown} />}
      </Views>
    )
  }),
})
