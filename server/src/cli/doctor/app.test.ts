import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EVENTS, PERMISSIONS } from '../../forges/github/needs.ts'
import { checkApp, checkClock, checkDeliveries, checkHook, checkInstallations, checkStored } from './app.ts'
import type { GithubAnswer } from './ask-github.ts'
import type { Finding } from './finding.ts'

const PAGE = 'https://github.com/apps/packit-x'
const NOW = new Date('2026-11-25T12:00:00Z')
const answer = (body: unknown, status = 200, message = ''): GithubAnswer => ({ status, body, date: NOW, message })
const bad = (findings: Finding[]) => findings.filter(({ state }) => state !== 'ok')
const App = { permissions: { ...PERMISSIONS }, events: [...EVENTS] }

/** Everything that is wrong says what to do. */
function assertOne(findings: Finding[], state: Finding['state'], what: RegExp, advice: RegExp): void {
  const [first, ...rest] = bad(findings)
  assert.deepEqual([first?.state, rest], [state, []])
  assert.match(first?.what ?? '', what)
  assert.match(first?.advice ?? '', advice)
}

test('without an App one is told how to set it up, which is no problem', () => {
  const store = {
    current: () => undefined,
    from: () => undefined,
    problem: () => undefined,
    path: '/d/github-app.json',
  }
  assertOne(checkStored(store), 'warning', /no GitHub App/, /setup-link/)
  assertOne(
    checkStored({ ...store, problem: () => "x.json can't be used: JSON" }),
    'problem',
    /x\.json/,
    /Take the file away/,
  )
})

test('a key that is none of GitHub, and an App without sign-in, are told', () => {
  const app = {
    appId: 7,
    slug: 'packit-x',
    privateKey: 'x',
    webhookSecret: 's',
    oauth: null,
    apiUrl: 'https://api.github.com',
  }
  const store = {
    current: () => app,
    from: () => 'file' as const,
    problem: () => undefined,
    path: '/d/github-app.json',
  }
  assert.deepEqual(
    bad(checkStored(store)).map(({ state, what }) => `${state}: ${what}`),
    ['problem: its key can not be read as a key in PEM form', 'warning: nobody can sign in by it'],
  )
})

test('an App that may do all and hears of all is well; more than is needed is no fault', () => {
  assert.deepEqual(bad(checkApp(answer(App), PAGE)), [])
  const more = { permissions: { ...PERMISSIONS, contents: 'write', actions: 'write' }, events: [...EVENTS, 'star'] }
  assert.deepEqual(bad(checkApp(answer(more), PAGE)), [])
})

test('each permission and event that is missing is named, with the page where it is granted', () => {
  const { checks: _, ...fewer } = App.permissions
  assertOne(
    checkApp(answer({ ...App, permissions: { ...fewer, issues: 'read' } }), PAGE),
    'problem',
    /checks: write, issues: write/,
    /apps\/packit-x\/permissions/,
  )
  assertOne(
    checkApp(answer({ ...App, events: EVENTS.filter((e) => e !== 'push' && e !== 'release') }), PAGE),
    'problem',
    /push, release$/,
    /Subscribe/,
  )
})

test('a key of another App, and a GitHub that does not answer, are told apart', () => {
  assertOne(
    checkApp(answer({}, 401, 'Bad credentials'), PAGE),
    'problem',
    /does not take the key: Bad credentials/,
    /two Apps/,
  )
  assertOne(
    checkApp({ ...answer({}, 0, 'no answer in time'), date: null }, PAGE),
    'problem',
    /can't be asked: no answer in time/,
    /PACKIT_GITHUB_API_URL/,
  )
  assertOne(checkApp(answer({}, 502, 'it answers 502'), PAGE), 'problem', /can't be asked/, /network/)
})

test('the clock may be off by some seconds, then it is a warning, then a problem', () => {
  const off = (seconds: number) => checkClock(answer(App), new Date(NOW.getTime() + seconds * 1000))
  assert.deepEqual(bad(off(10)), [])
  assertOne(off(-20), 'warning', /20 seconds behind/, /timedatectl/)
  assertOne(off(300), 'problem', /300 seconds ahead of/, /timedatectl/)
  assert.deepEqual(checkClock({ ...answer(App), date: null }, NOW), [])
})

test('deliveries have to go to this very service, with its certificate looked at', () => {
  const url = 'https://packit.example/api/webhooks/github'
  assert.deepEqual(bad(checkHook(answer({ url, insecure_ssl: '0' }), url, PAGE)), [])
  assertOne(
    checkHook(answer({ url: 'https://old.example/x' }), url, PAGE),
    'problem',
    /delivers to https:\/\/old\.example\/x/,
    /PACKIT_PUBLIC_URL/,
  )
  assertOne(checkHook(answer({ url: '' }), url, PAGE), 'problem', /delivers to nowhere/, /PACKIT_PUBLIC_URL/)
  assertOne(checkHook(answer({ url, insecure_ssl: '1' }), url, PAGE), 'warning', /certificate/, /SSL verification/)
})

test('deliveries that fail now are a problem, those that failed before a warning', () => {
  const good = { status_code: 202, status: 'OK' }
  assert.deepEqual(bad(checkDeliveries(answer([good, good]))), [])
  assert.deepEqual(bad(checkDeliveries(answer([]))), [])
  assertOne(
    checkDeliveries(answer([good, { status_code: 502, status: 'Bad Gateway' }])),
    'warning',
    /1 of the last 2 deliveries failed \(the newest: 502 Bad Gateway\)/,
    /proxy/,
  )
  assertOne(
    checkDeliveries(answer([{ status_code: 401, status: 'Unauthorized' }, good])),
    'problem',
    /401/,
    /webhook secret/,
  )
  assertOne(checkDeliveries(answer([{ status_code: 0, status: 'timed out' }])), 'problem', /timed out/, /proxy/)
})

test('an installation that is suspended, or has not agreed to what the App asks for, is named', () => {
  const fine = { account: { login: 'acme' }, permissions: App.permissions }
  assert.deepEqual(bad(checkInstallations(answer([fine]), undefined)), [])
  assertOne(
    checkInstallations(answer([]), 'https://github.com/apps/packit-x/installations/new'),
    'warning',
    /nowhere/,
    /installations\/new/,
  )
  assertOne(
    checkInstallations(
      answer([fine, { ...fine, account: { login: 'umbrella' }, suspended_at: '2026-01-01' }]),
      undefined,
    ),
    'warning',
    /umbrella has suspended/,
    /resumed/,
  )
  assertOne(
    checkInstallations(answer([{ ...fine, permissions: { ...App.permissions, merge_queues: undefined } }]), undefined),
    'problem',
    /acme has not agreed to merge_queues: read/,
    /owner of acme/,
  )
})
