import { expect, test } from 'vitest'
import { filtersOf, readListSearch } from './list-search.ts'

test('an address holds filters, order and page; what can not be meant is left out', () => {
  const raw = {
    page: '3',
    per_page: '50',
    order: 'asc',
    status: 'failure',
    pr: '12',
    since: '2026-11-01',
    until: 'soon',
    x: '1',
  }
  expect(readListSearch(raw)).toEqual({
    page: 3,
    per_page: 50,
    order: 'asc',
    status: 'failure',
    pr: 12,
    since: '2026-11-01',
  })
  expect(readListSearch({ page: '0', per_page: '7', order: 'desc', pr: 'x', branch: '' })).toEqual({})
})

test('page, size and order are no filters', () => {
  expect(filtersOf({ page: 2, order: 'asc', target: 'fedora-45-x86_64', project: 'a/b/c' })).toEqual([
    'project',
    'target',
  ])
})
