import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isMadeInCopr, isReachable, type SourceRule } from './where.ts'

const COPR = 'https://copr.example.org'
const GIT = 'https://git.example.org/acme/hello'
const NOTHING = { actions: {}, srpm_build_deps: null }
const ACTION = { ...NOTHING, actions: { 'create-archive': ['make dist'] } }

function decide(
  options: { actions: Record<string, unknown>; srpm_build_deps: string[] | null },
  set: {
    rule?: SourceRule
    coprUrl?: string | undefined
    ownUrl?: string | null
    url?: string
    isPrivate?: boolean
  } = {},
): boolean {
  const { rule = 'auto', ownUrl = 'https://packit.example.org', url = GIT, isPrivate = false } = set
  const coprUrl = 'coprUrl' in set ? set.coprUrl : COPR
  const source = { baseUrl: GIT, headUrl: url, options: options as Parameters<typeof isMadeInCopr>[0]['options'] }
  return isMadeInCopr(source, isPrivate, { rule, coprUrl, ownUrl: ownUrl ?? undefined })
}

test('sources are made in Copr where a project runs actions for them or names packages, and else here', () => {
  assert.equal(decide(NOTHING), false)
  assert.equal(decide({ ...NOTHING, srpm_build_deps: [] }), false)
  assert.equal(decide({ ...NOTHING, srpm_build_deps: ['make'] }), true)
  assert.equal(decide(ACTION), true)
  // an action of another step
  assert.equal(decide({ ...NOTHING, actions: { 'pre-sync': ['true'] } }), false)
})

test('an operator may want them all there, or all here', () => {
  assert.equal(decide(NOTHING, { rule: 'copr' }), true)
  assert.equal(decide(ACTION, { rule: 'here' }), false)
})

test('nothing goes to Copr that is private, that it can not fetch, or where another builder builds', () => {
  for (const rule of ['auto', 'copr'] as const) {
    assert.equal(decide(ACTION, { rule, isPrivate: true }), false)
    assert.equal(decide(ACTION, { rule, coprUrl: undefined }), false)
    assert.equal(decide(ACTION, { rule, ownUrl: 'http://127.0.0.1:8080' }), false)
    for (const url of ['/srv/git/hello', 'ssh://git@example.org/hello', 'https://ann:secret@git.example.org/hello'])
      assert.equal(decide(ACTION, { rule, url }), false, url)
    assert.equal(decide(ACTION, { rule, url: 'https://git.lan/hello' }), false)
  }
})

test('an address of one network is reachable by a Copr in such a network alone', () => {
  for (const url of ['http://127.0.0.1:1', 'http://10.1.2.3', 'http://[::1]/', 'http://0.0.0.0:8080', 'http://build'])
    assert.deepEqual([isReachable(url, COPR), isReachable(url, 'http://localhost:5000')], [false, true], url)
  for (const url of ['https://packit.example.org', 'https://8.8.8.8']) assert.equal(isReachable(url, COPR), true, url)
})

test('where nothing is served without a token Copr, which has none, makes no SRPM', () => {
  for (const rule of ['auto', 'copr'] as const) assert.equal(decide(ACTION, { rule, ownUrl: null }), false)
})
