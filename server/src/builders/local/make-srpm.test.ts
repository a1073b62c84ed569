import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { createFixture, type Fixture, pullRequestOf, SPEC } from '../../../test/srpm-fixture.ts'
import type { SrpmInput } from '../../domain/srpm-input.ts'
import { createSandbox } from '../../sandbox/bubblewrap.ts'
import type { Limits, Sandbox, SandboxResult } from '../../sandbox/sandbox.ts'
import { createLocalSrpmMaker, type SrpmMakerOptions } from './make-srpm.ts'

const limits: Limits = { timeMs: 60_000, memoryBytes: 2 ** 30, processes: 64, diskBytes: 2 ** 26, logBytes: 2 ** 20 }
const sandbox = createSandbox({ parallel: 1 })
after(() => sandbox.close())

const CHANGE = { message: 'change', files: { README: 'more\n' }, branch: 'change', after: 'first' }
const openFixture = (spec = SPEC) =>
  createFixture([{ message: 'first', files: { 'hello.spec': spec, README: 'hello\n' }, tags: ['0.1.0'] }, CHANGE])

/** Makes the SRPM of the fixture's pull request. */
async function make(fixture: Fixture, options: Record<string, unknown> = {}, part: Partial<SrpmMakerOptions> = {}) {
  const steps: string[] = []
  const log: Buffer[] = []
  const onStep = (_input: SrpmInput, step: string) => void steps.push(step)
  const maker = createLocalSrpmMaker({ sandbox, limits, network: false, packager: 'A B <a@b>', onStep, ...part })
  const input = pullRequestOf(fixture, { base: 'first', options })
  const progress = { onLog: (chunk: Buffer) => void log.push(chunk), signal: new AbortController().signal }
  const made = await maker.makeSrpm(input, fixture.mirror, progress)
  return { made, steps, log: Buffer.concat(log).toString() }
}

test('the SRPM of a pull request comes out of the sandbox, with its steps and its log', async () => {
  await using fixture = await openFixture()
  const { made, steps, log } = await make(fixture)

  assert.ok(made.ok, log)
  assert.match(made.nvr, /^hello-0\.1\.0-1\.20260102030405\S*\.pr\.?7\.1\.g[0-9a-f]+$/)
  assert.equal(made.name, `${made.nvr}.src.rpm`)
  // the magic number of an RPM
  assert.equal(readFileSync(made.path).subarray(0, 4).toString('hex'), 'edabeedb')
  assert.deepEqual([steps[0], steps[1], steps.at(-1)], ['checkout', 'merge', 'rpmbuild'])
  await made.remove()
  assert.equal(existsSync(made.path), false)
})

test('an action that fails is named, and nothing is left behind', async () => {
  await using fixture = await openFixture()
  const { made } = await make(fixture, { actions: { 'post-upstream-clone': ['false'] } })

  assert.ok(!made.ok)
  assert.equal(made.end, 'finished')
  assert.deepEqual([made.failure?.kind, made.failure?.action], ['action-failed', 'post-upstream-clone'])
})

test('a source is downloaded by the host, which tells about it in the log', async () => {
  await using fixture = await openFixture(SPEC.replace('\n\n%desc', '\nSource1: https://example.com/data.txt\n\n%desc'))
  const asked: string[] = []
  const { made, log } = await make(
    fixture,
    {},
    {
      openDownloads: (tell) => async (url, into) => {
        asked.push(url)
        tell(`Downloaded ${url}`)
        await writeFile(into, 'data')
      },
    },
  )

  assert.ok(made.ok, log)
  assert.deepEqual(asked, ['https://example.com/data.txt'])
  assert.match(log, /^Downloaded https:\/\/example\.com\/data\.txt$/m)
  await made.remove()
})

test("commands that an action plants in the repository's configuration run inside alone", async () => {
  await using fixture = await openFixture()
  const mark = `packit-planted-${process.pid}`
  const plant = `git config core.fsmonitor 'touch /tmp/${mark} /build/${mark} /in/mirror.git/${mark}; true'`
  const actions = {
    'post-upstream-clone': [['sh', '-c', plant]],
    'post-modifications': [['sh', '-c', 'git status; ls /build']],
  }
  const { made, log } = await make(fixture, { actions })

  assert.ok(made.ok, log)
  assert.match(log, new RegExp(`^${mark}$`, 'm'))
  for (const dir of ['/tmp', '/build', fixture.mirror]) assert.equal(existsSync(join(dir, mark)), false, dir)
  await made.remove()
})

test('a spec file that an action replaces by a link is never read on this machine', async () => {
  await using fixture = await openFixture()
  const secret = join(fixture.folder, 'secret')
  await writeFile(secret, 'Name: secret-of-the-host\n')
  const actions = { 'post-upstream-clone': [['ln', '-sf', secret, 'hello.spec']] }
  const passwd = await make(fixture, {
    actions: { 'post-upstream-clone': [['ln', '-sf', '/etc/passwd', 'hello.spec']] },
  })
  const { made, log } = await make(fixture, { actions })

  assert.equal(made.ok || passwd.made.ok, false)
  assert.ok(!made.ok && made.failure?.kind === 'spec-missing', log)
  assert.doesNotMatch(passwd.log + log, /secret-of-the-host|\/root:|packit-build/)
})

/** A sandbox in which a stranger took over our program. */
function liar(result: Partial<SandboxResult>): Sandbox {
  return {
    run: async () => ({ end: 'finished', exitCode: 0, output: undefined, files: [], durationMs: 1, ...result }),
    describe: async () => ({ ok: true, findings: [] }),
    close: async () => {},
  }
}

test('what a program says that a stranger took over is not believed without its form and its file', async () => {
  await using fixture = await openFixture()
  const srpm = { file: 'a-1-1.src.rpm', nvr: 'a-1-1', name: 'a', epoch: 0, version: '1', release: '1' }
  const good = { ok: true, srpm, spec: 'a.spec', buildRequires: [], commit: 'a'.repeat(40) }
  const lies = [
    null,
    'ok',
    { ok: true },
    good,
    { ...good, srpm: { ...srpm, file: '../a.src.rpm' } },
    { ok: false, kind: 'none', message: '' },
  ]

  for (const output of lies) {
    const { made } = await make(fixture, {}, { sandbox: liar({ output }) })
    assert.deepEqual(made, { ok: false, end: 'crashed', failure: null }, JSON.stringify(output))
  }
})

test('a step that passed a limit says which', async () => {
  await using fixture = await openFixture()
  const { made } = await make(fixture, {}, { sandbox: liar({ end: 'out-of-memory', exitCode: null }) })

  assert.deepEqual(made, { ok: false, end: 'out-of-memory', failure: null })
})
