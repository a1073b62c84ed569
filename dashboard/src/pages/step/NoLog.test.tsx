import { cleanup, render } from '@testing-library/react'
import { afterEach, expect, test } from 'vitest'
import { SRPM } from '../../../test/fixture-builds.ts'
import { NoLog } from './NoLog.tsx'

afterEach(cleanup)

test('while a step runs elsewhere its log is linked where it is written', () => {
  const logs_url = 'https://copr.example.org/results/a/b/srpm-builds/00000007/builder-live.log'
  const shown = (build: Partial<typeof SRPM>) => {
    cleanup()
    return render(<NoLog build={{ ...SRPM, log: null, ...build }} />).container
  }
  expect(shown({ state: 'running', logs_url }).querySelector('a')?.href).toBe(logs_url)
  expect(shown({ state: 'running' }).textContent).toMatch(/There is no log yet/)
  // what has ended without one has none there either
  expect(shown({ state: 'error', logs_url }).querySelector('a')).toBe(null)
})
