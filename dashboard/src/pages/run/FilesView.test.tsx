import { cleanup, render } from '@testing-library/react'
import { afterEach, expect, test } from 'vitest'
import { makeRun, makeStep, NOW } from '../../../test/fixtures.ts'
import { FilesView } from './FilesView.tsx'

afterEach(cleanup)

test('a run whose packages were removed where they were built says so, though it has no files of them here', () => {
  const steps = [makeStep('build', 5, 'success', { log: '/api/copr-builds/1/log', files: [] })]
  const said = (expired_at: number | null) =>
    render(<FilesView run={makeRun(1, { steps, expired_at })} />).container.textContent
  expect(said(NOW)).toMatch(/The packages of this run are not kept any more/)
  cleanup()
  expect(said(null)).not.toMatch(/not kept any more/)
})
