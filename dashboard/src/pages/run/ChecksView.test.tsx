import { cleanup, render } from '@testing-library/react'
import { afterEach, expect, test } from 'vitest'
import { makeCheck } from '../../../test/fixtures.ts'
import type { Check } from '../../api/types.ts'
import { serverNow } from '../../lib/clock.ts'
import { ChecksView } from './ChecksView.tsx'

afterEach(cleanup)
const told = (over: Partial<Check>) =>
  render(<ChecksView checks={[makeCheck('packit', 'success', 'Built.', over)]} />).container.querySelector('small')
    ?.textContent

test('a check says when the forge was told of it, or why it was not', () => {
  expect(told({ shown_at: serverNow() - 65 })).toBe('reported 1 minute ago')
  expect(told({ shown_at: serverNow() - 65, is_shown: false })).toBe('reported 1 minute ago; more is to come')
  expect(told({ shown_at: serverNow() - 65, is_status: true })).toBe('reported as a status 1 minute ago')
  expect(told({ shown_at: null, waits_for: 'GitHub’s limit', waits_until: serverNow() + 125 })).toMatch(
    /^waits: GitHub’s limit; tried again in 2 minutes$/,
  )
  expect(told({ shown_at: null, waits_for: 'shadow mode: nothing is posted' })).toBe(
    'not posted: shadow mode: nothing is posted',
  )
  expect(told({ shown_at: null })).toBeUndefined()
})
