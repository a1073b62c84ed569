// The demos as a user starts them, in a process of their own, with real builds.
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { runCommand } from './service-process.ts'

test('on a GitHub of its own, a member is built at once, a command is answered, and an outsider is built after approval', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'packit-demo-'))
  // settings of another GitHub and of a database of one's own are not for the demo
  const env = {
    PACKIT_GITHUB_APP_ID: '7',
    PACKIT_PUBLIC_URL: 'http://192.0.2.1',
    DATABASE_URL: 'postgres://192.0.2.1/x',
  }
  const { code, output, errors } = await runCommand(dir, ['demo', '--github', '--once'], env)
  await rm(dir, { recursive: true, force: true })
  assert.equal(code, 0, output + errors)
  const story = [
    /App packit-demo: made/,
    /Installed on acme\/hello/,
    /alice, who may write/,
    /Delivery accepted: pull request 1/,
    /Check packit: queued/,
    /✓ {2}SRPM/,
    /✓ {2}Check rpm-build:host-\S+: success/,
    /Check packit: neutral/,
    /packit help/,
    /packit-demo\[bot\] answers/,
    /oscar, who may not write/,
    /Delivery accepted: pull request 2/,
    /Check packit: action required {2}Waits for approval/,
    /packit approve/,
    /Command accepted/,
    /✓ {2}SRPM/,
    /✓ {2}Check rpm-build:host-\S+: success/,
    /^GitHub +http:\/\/localhost:\d+\/acme\/hello\/pull\/1/m,
    /\/acme\/hello\/pull\/2/,
    /Sign in +http:\/\/127\.0\.0\.1:\d+\/sign-in\?code=/,
  ]
  assertStory(output, story)
  // nothing of the fork ran before
  const waiting = output.slice(output.indexOf('oscar, who'), output.indexOf('and comments: /packit approve'))
  assert.ok(!waiting.includes('SRPM'), waiting)
})

test('on a Copr of its own, in several processes, a run outlives the worker that is killed, and a package that fails its tests is red', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'packit-demo-'))
  const env = { PACKIT_GITHUB_APP_ID: '7', PACKIT_PUBLIC_URL: 'http://192.0.2.1', PACKIT_POLL_INTERVAL: '5s' }
  const { code, output, errors } = await runCommand(dir, ['demo', '--copr', '--once'], env)
  await rm(dir, { recursive: true, force: true })
  assert.equal(code, 0, output + errors)
  assertStory(output, [
    /PostgreSQL: started for this demo/,
    /Web process \d+: http:/,
    /worker 1/,
    /worker 2/,
    /alice opens a pull request/,
    /Delivery accepted: pull request 1/,
    /✓ {2}SRPM/,
    /✓ {2}Check packit: success {2}All 3 targets were built, and the tests passed/,
    /worker \d \(process \d+\) is killed while it makes the SRPM/,
    /✓ {2}SRPM/,
    /✓ {2}Check packit: success {2}All 3 targets were built, and the tests passed/,
    /alice opens a third one/,
    /✗ {2}Check packit: failure {2}Tests failed/,
    /sudo curl -fo \S+ http:\/\/localhost:\d+\/coprs\/packit\/\S+\n +sudo dnf install hello-1\.0/,
    /^Copr +http:\/\/localhost:\d+\//m,
  ])
})

test('on plain git, the sample is built and its repository is named', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'packit-demo-'))
  const { code, output, errors } = await runCommand(dir, ['demo', '--once'])
  await rm(dir, { recursive: true, force: true })
  assert.equal(code, 0, output + errors)
  assert.match(output, /Delivery accepted.*✓ {2}SRPM.*✓ {2}Repository.*sudo dnf install hello/s)
})

/** Each part is told, in this order. */
function assertStory(output: string, parts: readonly RegExp[]): void {
  let rest = output
  for (const part of parts) {
    const found = part.exec(rest)
    assert.ok(found, `${part} does not follow in:\n${output}`)
    rest = rest.slice(found.index + found[0].length)
  }
}
