import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseGitAllow } from '../domain/git-url.ts'
import { PUBLIC_ONLY } from '../domain/net-address.ts'
import { openMirrors } from './mirrors.ts'
import { type ReachRules, reach } from './reach.ts'
import { openTestFolder } from './test-repository.ts'

const RULES: ReachRules = {
  allow: [],
  netAllow: PUBLIC_ONLY,
  dir: "/data/o'mirrors",
  resolve: async () => ['10.0.0.1', '8.8.8.8', '2606:4700::1'],
}

test('https is tied to the allowed addresses of its host, and follows nothing by itself', async () => {
  const way = await reach('https://git.example.org/a/b', RULES)
  assert.deepEqual(way, {
    href: 'https://git.example.org/a/b',
    options: [
      '-c',
      'http.followRedirects=false',
      '-c',
      'http.curloptResolve=git.example.org:443:8.8.8.8,[2606:4700::1]',
    ],
    env: {},
    protocols: 'https',
  })
})

test('ssh is told the checked address, and still compares the key of the name', async () => {
  const { href, env, protocols } = await reach('git@git.example.org:a/b.git', RULES)
  assert.deepEqual([href, protocols], ['git@git.example.org:a/b.git', 'ssh'])
  const command = env.GIT_SSH_COMMAND ?? ''
  for (const part of [
    "'-F' '/dev/null'",
    "'HostName=8.8.8.8'",
    "'HostKeyAlias=git.example.org'",
    "'ProxyCommand=none'",
  ]) {
    assert.ok(command.includes(part), `${part} in ${command}`)
  }
  assert.ok(command.includes(`'UserKnownHostsFile="/data/o'\\''mirrors/known_hosts"'`), command)
})

test('ssh really goes to that address', async () => {
  await using folder = await openTestFolder()
  const allow = parseGitAllow('git.test')
  const mirrors = await openMirrors({ ...RULES, dir: folder.dir, allow, resolve: async () => ['127.0.0.1'] })
  await assert.rejects(mirrors.fetchCommit({ mirrorOf: 'ssh://git@git.test:1/a/b', ref: 'main' }), {
    name: 'UnavailableError',
    message: /connect to host 127\.0\.0\.1 port 1: Connection refused/,
  })
})
