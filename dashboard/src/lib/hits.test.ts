import { expect, test } from 'vitest'
import type { SearchHit } from '../api/types.ts'
import { groupsOf, nextIndex, recentGroups } from './hits.ts'

const HIT: SearchHit = {
  label: 'acme/hello#41',
  detail: 'Say hello louder (jdoe)',
  page: '/pipeline/1',
  match: 'exact',
  project: 'github.com/acme/hello',
  pr_id: 41,
  commit: null,
  package: null,
  srpm_build_id: null,
  run_id: 1,
  state: 'running',
  active_at: 1780000101,
}

test('kinds without a hit have no heading', () => {
  const groups = groupsOf({ projects: [], pull_requests: [HIT], commits: [], packages: [] })
  expect(groups).toEqual([
    {
      name: 'Pull requests',
      icon: 'cube',
      choices: [{ label: 'acme/hello#41', detail: 'Say hello louder (jdoe)', page: '/pipeline/1', state: 'running' }],
    },
  ])
  expect(recentGroups([])).toEqual([])
})

test('the arrow keys go round, and begin at either end', () => {
  expect([nextIndex(-1, 1, 3), nextIndex(-1, -1, 3), nextIndex(2, 1, 3), nextIndex(0, -1, 3)]).toEqual([0, 2, 0, 2])
  expect(nextIndex(-1, 1, 0)).toBe(-1)
})
