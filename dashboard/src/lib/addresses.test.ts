import { expect, test } from 'vitest'
import { newAddress } from './old-addresses.ts'
import { parseSearch, stringifySearch } from './search.ts'

test.each([
  ['/results/copr-builds/5', '/jobs/copr/5'],
  ['/results', '/jobs/copr'],
  ['/results/testing-farm-runs/9', '/jobs/testing-farm/9'],
  ['/jobs/koji-builds', '/jobs/koji'],
  ['/jobs/downstream-koji-builds/3', '/jobs/koji-downstream/3'],
  ['/jobs/propose-downstreams/3', '/jobs/propose-downstream/3'],
  ['/jobs/pull-from-upstreams', '/jobs/pull-from-upstream'],
  ['/jobs/bodhi-updates/8', '/jobs/bodhi/8'],
  ['/jobs/koji-tag-requests/8', '/jobs/koji-tag-request/8'],
  ['/jobs/koji-tag-request', '/jobs/koji-tag-requests'],
  ['/jobs/srpm-builds/7', '/jobs/srpm/7'],
  ['/jobs', '/jobs/copr'],
  ['/pipeline', '/pipelines'],
  ['/pipelines/12', '/pipeline/12'],
  ['/projects/', '/projects'],
])('%s has moved to %s, in one hop', (old, now) => {
  expect(newAddress(old)).toBe(now)
  expect(newAddress(now)).toBeNull()
})

test.each(['/', '/pipelines', '/jobs/copr/5', '/projects/gitlab.com/a/b/c'])('%s stays', (path) => {
  expect(newAddress(path)).toBeNull()
})

test('a search is written plainly and read back as it was', () => {
  const search = { q: 'h?llo*', page: 2, none: undefined, empty: '' }
  expect(stringifySearch(search)).toBe('?q=h%3Fllo*&page=2')
  expect(parseSearch('?q=h%3Fllo*&page=2')).toEqual({ q: 'h?llo*', page: '2' })
  expect(stringifySearch({})).toBe('')
})
