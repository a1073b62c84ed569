import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DeliveryError } from '../../domain/forge-event.ts'
import { readGitDelivery } from './inbox.ts'

/** The project of a pull request's delivery with these fields of `repository`, in a service that serves github.com by an App. */
function readProject(repository: Record<string, unknown>) {
  const sha = '1'.repeat(40)
  const body = { kind: 'pull_request', repository, number: 1, title: 't', author: 'a', base: { ref: 'main' } }
  const read = readGitDelivery({ ...body, head: { ref: 'x', sha } }, ['github.com'])
  assert.equal(read.kind, 'event')
  return read.kind === 'event' && read.forgeEvent.kind === 'pull_request' ? read.forgeEvent.project : assert.fail()
}

test('a delivery for a host that an App serves is refused, however the host is written', () => {
  for (const repository of [
    { url: 'https://github.com/acme/hello' },
    { url: 'https://GITHUB.com./acme/hello' },
    { url: 'https://www.github.com/acme/hello' },
    { url: 'git@github.com:acme/hello.git' },
    { url: '/srv/git/hello', forge: 'GitHub.com' },
    { url: '/srv/git/hello', forge: 'github.com.' },
    { url: 'https://github.com/acme/hello', forge: 'git.example.org' },
  ])
    assert.throws(() => readProject(repository), /on github\.com, which an App/, JSON.stringify(repository))
})

test('a forge is a host name, and no name that only looks like one', () => {
  for (const forge of ['github.com ', 'gıthub.com', 'github.com\u200b', 'a/b', '..', 'a..b', 'x" y', '-x', 'a\nb'])
    assert.throws(() => readProject({ url: '/srv/git/hello', forge }), DeliveryError, JSON.stringify(forge))
  assert.equal(readProject({ url: '/srv/git/hello', forge: 'Git.Example.org' }).forge, 'git.example.org')
})

test('namespace and name are what can stand in an address', () => {
  const wrong = ['..', 'a/../b', 'a%2Fb', 'a\nb', '/', 'a//b', 'a?b', 'a\\b', '\u202ea', 'a\u200b']
  for (const text of wrong) {
    assert.throws(() => readProject({ url: '/srv/git/x', namespace: text }), /repository\.namespace/, text)
    assert.throws(() => readProject({ url: '/srv/git/x', name: text }), /repository\.name/, text)
  }
  assert.throws(() => readProject({ url: 'https://h/a%2f..%2f..%2fetc/b' }), /repository\.namespace/)
  const project = readProject({ url: 'https://git.example.org/group/sub/tool.git' })
  assert.deepEqual([project.namespace, project.name], ['group/sub', 'tool'])
})

test('what is no address of a repository is refused by name', () => {
  for (const url of ['https://h/%E0%A4%A/b', 'javascript:///alert(1)/a', '-u', 'ext::sh -c id'])
    assert.throws(() => readProject({ url }), DeliveryError, url)
})

test('the page that everybody is shown holds no token and runs nothing', () => {
  const pageOf = (repository: Record<string, unknown>) => readProject(repository).webUrl
  assert.equal(pageOf({ url: 'https://me:token@git.example.org/a/b' }), 'https://git.example.org/a/b')
  assert.equal(pageOf({ url: 'git@git.example.org:a/b.git' }), 'https://git.example.org/a/b')
  assert.equal(pageOf({ url: 'javascript:alert(1)/a' }), 'https://javascript/alert(1)/a')
  assert.equal(pageOf({ url: '/srv/git/hello' }), '/srv/git/hello')
  for (const page of ['javascript:alert(1)', 'data:text/html,x', 'https://me:token@h/a'])
    assert.throws(() => pageOf({ url: '/srv/git/hello', web_url: page }), /repository\.web_url must be an http/)
})
