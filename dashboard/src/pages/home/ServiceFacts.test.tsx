import { cleanup, render } from '@testing-library/react'
import { afterEach, expect, test } from 'vitest'
import { STATUS } from '../../../test/fixture-builds.ts'
import { ServiceFacts, ServiceTroubles } from './ServiceFacts.tsx'

afterEach(cleanup)

const healthy = { name: 'github.com', title: 'GitHub', reason: null, since: null, next_try: null }
const backends = [
  { ...healthy, state: 'closed' as const, failures: 0, last_success: 1_795_480_000 },
  {
    name: 'copr',
    title: 'Copr',
    state: 'half-open' as const,
    since: 1_795_480_000,
    reason: 'it answers 502',
    failures: 4,
    last_success: null,
    next_try: 1_795_480_040,
  },
]

test('a system that does not answer is told on top, with its reason; one that does is not', () => {
  const { container } = render(<ServiceTroubles status={{ ...STATUS, backends }} />)
  expect(container.textContent).toContain('Copr does not answer: what needs it waits')
  expect(container.textContent).toContain('it answers 502')
  expect(container.textContent).not.toContain('GitHub')
})

test('each system that is asked is listed with whether it answers', () => {
  const { container } = render(<ServiceFacts status={{ ...STATUS, backends }} />)
  expect(container.textContent).toMatch(/GitHub answered /)
  expect(container.textContent).toMatch(/Copr 4 tries without an answer; has not answered yet/)
})
