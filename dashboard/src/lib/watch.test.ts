import { beforeEach, expect, test } from 'vitest'
import { KeptList } from './kept.ts'
import { isWatched, MOST_WATCHED, partsOf, readWatched, toggleWatched, type Watched } from './watch.ts'

const HELLO: Watched = { project: 'github.com/acme/hello', pr: null }
const PULL: Watched = { project: 'github.com/acme/hello', pr: 41 }

beforeEach(() => localStorage.clear())

test('a project and its pull request are watched apart, and the second press ends it', () => {
  const both = toggleWatched(toggleWatched([], HELLO), PULL)
  expect(both).toEqual([PULL, HELLO])
  expect(isWatched(toggleWatched(both, { ...PULL }), HELLO)).toBe(true)
  expect(isWatched(toggleWatched(both, { ...PULL }), PULL)).toBe(false)
})

test('of too many the oldest goes', () => {
  let list: Watched[] = []
  for (let pr = 1; pr <= MOST_WATCHED + 1; pr++) list = toggleWatched(list, { ...PULL, pr })
  expect(list.length).toBe(MOST_WATCHED)
  expect(isWatched(list, { ...PULL, pr: 1 })).toBe(false)
})

test('what is stored and makes no sense is passed over', () => {
  const stored = [HELLO, null, 7, { project: 'hello' }, { project: 'a/b/c', pr: -1 }, { project: 'g/a/b/c' }]
  expect(readWatched(stored)).toEqual([HELLO, { project: 'g/a/b/c', pr: null }])
  expect(readWatched({ length: 3 })).toEqual([])
})

test('a namespace may hold slashes', () => {
  expect(partsOf({ project: 'gitlab.com/group/sub/tool', pr: null })).toEqual({
    forge: 'gitlab.com',
    path: 'group/sub/tool',
  })
})

test('a kept list survives the page, changes with other tabs, and bears a broken or forbidden storage', () => {
  new KeptList('k', readWatched).set([PULL])
  const list = new KeptList('k', readWatched)
  expect(list.get()).toEqual([PULL])

  let told = 0
  const unwatch = list.watch(() => told++)
  localStorage.setItem('k', '{broken')
  window.dispatchEvent(new StorageEvent('storage', { key: 'k' }))
  expect([list.get(), told]).toEqual([[], 1])
  unwatch()
})
