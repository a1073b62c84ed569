import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseSearch } from './search.ts'

const READ: [string, Partial<ReturnType<typeof parseSearch>>][] = [
  ['  hello ', { text: 'hello', project: 'hello', number: null, commit: null, forge: null }],
  ['acme/hello', { project: 'acme/hello', forge: null }],
  ['#41', { text: '', number: 41 }],
  ['41', { text: '41', number: 41, commit: null }],
  ['acme/hello#41', { project: 'acme/hello', number: 41 }],
  ['group/sub/tool!7', { project: 'group/sub/tool', number: 7 }],
  ['acme/hello#', { project: 'acme/hello', number: null }],
  ['github.com/acme/hello#41', { forge: 'github.com', project: 'acme/hello', number: 41 }],
  ['https://github.com/acme/hello/pull/41/files', { forge: 'github.com', project: 'acme/hello', number: 41 }],
  ['https://gitlab.com/group/sub/tool/-/merge_requests/7', { project: 'group/sub/tool', number: 7 }],
  ['https://GitHub.com/acme/hello/', { forge: 'github.com', project: 'acme/hello' }],
  ['A1B2', { commit: 'a1b2' }],
  ['a1b', { commit: null }],
  ['1234', { commit: '1234', number: 1234 }],
  ['acme/*', { isPattern: true }],
  ['ab', { isIndexed: false }],
  ['a-b-c', { isIndexed: false }],
  ['abc', { isIndexed: true }],
  ['99999999999999999999', { number: null }],
  ['', { text: '', number: null, commit: null }],
]
for (const [typed, expected] of READ) {
  test(`"${typed}" is understood`, () => {
    const terms = parseSearch(typed)
    for (const [key, value] of Object.entries(expected)) assert.equal(terms[key as keyof typeof terms], value, key)
  })
}

test('a search of any length is read at once', () => {
  const begin = performance.now()
  for (const part of ['/pull/1', '#', ' ', 'a.', '!1']) parseSearch(part.repeat(100_000))
  assert.ok(performance.now() - begin < 500)
})
