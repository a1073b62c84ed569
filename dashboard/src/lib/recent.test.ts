import { expect, test } from 'vitest'
import { MOST_RECENT, type Recent, readRecent, remember } from './recent.ts'

const RUN: Recent = { label: 'acme/hello#41', detail: 'Say hello', page: '/pipeline/1' }

test('what is visited again comes to the front, once, with its newest words', () => {
  const list = remember(remember([], RUN), { label: 'kernel', detail: null, page: null })
  expect(remember(list, { ...RUN, detail: 'Say hello louder' })).toEqual([
    { ...RUN, detail: 'Say hello louder' },
    { label: 'kernel', detail: null, page: null },
  ])
})

test('a search is kept once, and of too many the oldest goes', () => {
  let list: Recent[] = []
  for (let n = 0; n <= MOST_RECENT; n++) list = remember(list, { label: `q${n}`, detail: null, page: null })
  list = remember(list, { label: 'q3', detail: null, page: null })
  expect(list.map((each) => each.label)).toEqual(['q3', 'q8', 'q7', 'q6', 'q5', 'q4', 'q2', 'q1'])
})

test('what is stored leads to pages of ours only', () => {
  const pages = ['/pipeline/1', '//evil.example', 'https://evil.example', '/\\evil', 'javascript:1', 5]
  const stored = pages.map((page) => ({ label: 'x', detail: 1, page }))
  expect(readRecent([...stored, null])).toEqual([{ label: 'x', detail: null, page: '/pipeline/1' }])
  expect(readRecent('x')).toEqual([])
})
