import { beforeEach, expect, test } from 'vitest'
import { type Followed, isFollowed, MOST_FOLLOWED, partsOf, readFollowed, toggleFollowed } from './follow.ts'
import { KeptList } from './kept.ts'

const HELLO: Followed = { project: 'github.com/acme/hello', pr: null }
const PULL: Followed = { project: 'github.com/acme/hello', pr: 41 }

beforeEach(() => localStorage.clear())

test('a project and its pull request are followed apart, and the second press ends it', () => {
  const both = toggleFollowed(toggleFollowed([], HELLO), PULL)
  expect(both).toEqual([PULL, HELLO])
  expect(isFollowed(toggleFollowed(both, { ...PULL }), HELLO)).toBe(true)
  expect(isFollowed(toggleFollowed(both, { ...PULL }), PULL)).toBe(false)
})

test('of too many the oldest goes', () => {
  let list: Followed[] = []
  for (let pr = 1; pr <= MOST_FOLLOWED + 1; pr++) list = toggleFollowed(list, { ...PULL, pr })
  expect(list.length).toBe(MOST_FOLLOWED)
  expect(isFollowed(list, { ...PULL, pr: 1 })).toBe(false)
})

test('what is stored and makes no sense is passed over', () => {
  const stored = [HELLO, null, 7, { project: 'hello' }, { project: 'a/b/c', pr: -1 }, { project: 'g/a/b/c' }]
  expect(readFollowed(stored)).toEqual([HELLO, { project: 'g/a/b/c', pr: null }])
  expect(readFollowed({ length: 3 })).toEqual([])
})

test('a namespace may hold slashes', () => {
  expect(partsOf({ project: 'gitlab.com/group/sub/tool', pr: null })).toEqual({
    forge: 'gitlab.com',
    path: 'group/sub/tool',
  })
})

test('a kept list survives the page, changes with other tabs, and bears a broken or forbidden storage', () => {
  new KeptList('k', readFollowed).set([PULL])
  const list = new KeptList('k', readFollowed)
  expect(list.get()).toEqual([PULL])

  let told = 0
  const unwatch = list.watch(() => told++)
  localStorage.setItem('k', '{broken')
  window.dispatchEvent(new StorageEvent('storage', { key: 'k' }))
  expect([list.get(), told]).toEqual([[], 1])
  unwatch()
})
