import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readGithubDelivery } from './inbox.ts'

const body = (action: string, page = 'https://github.com/acme/hello') => ({
  action,
  number: 1,
  pull_request: {
    number: 1,
    title: 't',
    user: { login: 'ann' },
    updated_at: '2026-11-24T12:00:00Z',
    labels: [],
    base: {
      ref: 'main',
      sha: '1'.repeat(40),
      repo: { html_url: page, owner: { login: 'acme' }, name: 'hello', clone_url: `${page}.git` },
    },
    head: { ref: 'x', sha: '2'.repeat(40), repo: { clone_url: `${page}.git` } },
  },
})

test('an action that has the name of a property of every object is none of ours', () => {
  assert.equal(readGithubDelivery('pull_request', body('opened')).kind, 'event')
  for (const action of ['constructor', '__proto__', 'toString'])
    assert.equal(readGithubDelivery('pull_request', body(action)).kind, 'unwanted', action)
})

test('an address that is none is refused by its field', () => {
  for (const page of ['nonsense', 'javascript:alert(1)'])
    assert.throws(() => readGithubDelivery('pull_request', body('opened', page)), /base\.repo\.html_url must be/, page)
})
