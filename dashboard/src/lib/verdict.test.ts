import { expect, test } from 'vitest'
import { type ListedRun, passedBefore, runBefore } from './verdict.ts'

const makeListed = (id: number, over: Partial<ListedRun> = {}): ListedRun => ({
  merged_run_id: id,
  state: 'success',
  package: 'hello',
  created_at: id,
  commit: { sha: `sha-${id}` },
  copr: [],
  ...over,
})
const RUN = makeListed(10, { state: 'failure' })

test('a failure is held against the newest run before it of the same package that came to a verdict', () => {
  const runs = [
    makeListed(12),
    makeListed(10),
    makeListed(9, { state: 'canceled' }),
    makeListed(8, { state: 'running' }),
    makeListed(7, { package: 'other' }),
    makeListed(6, { state: 'failure' }),
    makeListed(5),
  ]
  expect(runBefore(RUN, runs)?.merged_run_id).toBe(6)
  expect(runBefore(RUN, runs.slice(0, 5))).toBeNull()
})

test('what passed with the same commit and fails now comes and goes; another commit proves nothing', () => {
  const passed = { copr: [{ target: 'fedora-43-x86_64', status: 'success' }] }
  const same = makeListed(9, { ...passed, commit: { sha: 'sha-10' } })
  expect(passedBefore(RUN, 'fedora-43-x86_64', [makeListed(8, passed), same])).toBe(same)
  expect(passedBefore(RUN, 'fedora-43-x86_64', [makeListed(8, passed)])).toBeNull()
  expect(passedBefore(RUN, 'epel-10-x86_64', [same])).toBeNull()
  expect(passedBefore({ ...RUN, commit: null }, 'fedora-43-x86_64', [{ ...same, commit: null }])).toBeNull()
})
