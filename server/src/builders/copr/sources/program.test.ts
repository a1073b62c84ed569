import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { promisify } from 'node:util'
import { createFixture, type Fixture, pullRequestOf, SPEC } from '../../../../test/srpm-fixture.ts'
import { findSourceResult } from '../../../domain/srpm/source-result.ts'
import { toSourceTask } from '../../../domain/srpm/source-task.ts'
import type { SrpmInput } from '../../../domain/srpm-input.ts'
import { createSandbox } from '../../../sandbox/bubblewrap.ts'
import type { Limits } from '../../../sandbox/sandbox.ts'
import { createLocalSrpmMaker } from '../../local/make-srpm.ts'
import { renderProgram } from './program.ts'

const exec = promisify(execFile)
const PACKAGER = 'A B <a@b>'
const LIMITS: Limits = { timeMs: 60_000, memoryBytes: 2 ** 30, processes: 64, diskBytes: 2 ** 26, logBytes: 2 ** 20 }
const sandbox = createSandbox({ parallel: 1 })
after(() => sandbox.close())

const openFixture = (change: Record<string, string> = { README: 'more\n' }) =>
  createFixture([
    { message: 'first', files: { 'hello.spec': SPEC, README: 'hello\n' }, tags: ['0.1.0'] },
    { message: 'change', files: change, branch: 'change', after: 'first' },
    { message: 'base', files: { README: 'other\n' }, branch: 'main', after: 'first' },
  ])

/** Runs the program as Copr's script does, and packs what it leaves as Copr does. */
async function runAsCopr(fixture: Fixture, input: SrpmInput) {
  const dir = join(fixture.folder, 'copr')
  await mkdir(dir)
  const { text } = await renderProgram(toSourceTask(input, PACKAGER))
  await writeFile(join(dir, 'program.mjs'), text)
  const env = { PATH: process.env.PATH, COPR_RESULTDIR: join(dir, 'results') }
  const ran = await exec(process.execPath, ['program.mjs'], { cwd: dir, env }).catch(
    (error: { code: number; stdout: string; stderr: string }) => error,
  )
  const log = ran.stdout + ran.stderr
  const result = findSourceResult(log)
  return { log, result, code: 'code' in ran ? ran.code : 0, results: join(dir, 'results') }
}

async function pack(results: string): Promise<string> {
  const [spec = '', ...more] = (await readdir(results)).filter((name) => name.endsWith('.spec'))
  assert.equal(more.length, 0)
  const folders = ['_sourcedir', '_specdir', '_builddir', '_rpmdir'].map((name) => `${name} ${results}`)
  const defines = [...folders, `_srcrpmdir ${results}/out`, 'dist %{nil}'].flatMap((one) => ['--define', one])
  await exec('rpmbuild', ['-bs', '--nodeps', ...defines, join(results, spec)])
  const [file = ''] = await readdir(join(results, 'out'))
  return join(results, 'out', file)
}

async function describe(srpm: string): Promise<string> {
  const query = '%{NAME} %{EPOCHNUM} %{VERSION} %{RELEASE}\\n[%{FILENAMES} %{FILEDIGESTS}\\n]'
  return (await exec('rpm', ['-qp', '--nosignature', '--qf', query, srpm])).stdout
}

test('Copr makes the same SRPM of the same input as our sandbox: its name, and each file in it', async () => {
  await using fixture = await openFixture()
  const input = pullRequestOf(fixture, { base: 'first' })
  const here = await createLocalSrpmMaker({ sandbox, limits: LIMITS, network: false, packager: PACKAGER }).makeSrpm(
    input,
    fixture.mirror,
    { onLog: () => {}, signal: new AbortController().signal },
  )
  assert.ok(here.ok)
  const there = await runAsCopr(fixture, input)

  assert.ok(there.result?.ok, there.log)
  assert.equal(there.result.srpm.nvr, here.nvr)
  assert.equal(await describe(await pack(there.results)), await describe(here.path))
  assert.match(await describe(here.path), /^hello-0\.1\.0\.tar\.gz [0-9a-f]+$/m)
  await here.remove()
})

test('a conflict is told with its files, by the last line of a log', async () => {
  await using fixture = await openFixture()
  const { result, code, log } = await runAsCopr(fixture, pullRequestOf(fixture, { base: 'base' }))

  assert.equal(code, 1)
  assert.ok(result && !result.ok, log)
  assert.deepEqual([result.kind, result.files], ['merge-conflict', ['README']])
})

test('a commit that is not there any more ends the step with that reason', async () => {
  await using fixture = await openFixture()
  const gone = { ...pullRequestOf(fixture, { base: 'first' }), headSha: 'f'.repeat(40) }
  const { result } = await runAsCopr(fixture, gone)

  assert.ok(result && !result.ok)
  assert.equal(result.kind, 'missing-commit')
  assert.match(result.message, /^commit f{40} is no longer in /)
})

test('the program is the same bytes for the same task, and loads nothing that it does not carry', async () => {
  await using fixture = await openFixture()
  const task = toSourceTask(pullRequestOf(fixture, { base: 'first' }), PACKAGER)
  const [one, two] = [await renderProgram(task), await renderProgram(structuredClone(task))]

  assert.deepEqual(one, two)
  const files = JSON.parse(/^const files = (.*)$/m.exec(one.text)?.[1] ?? '') as [string, string][]
  const names = new Set(files.map(([name]) => name))
  for (const [name, text] of files)
    for (const [, target = ''] of text.matchAll(/^import (?!type ).* from '(\.[^']+)'/gm))
      assert.ok(names.has(join(name, '..', target)), `${name}: ${target}`)
  assert.ok(one.text.length < 400_000, `${one.text.length}`)
})
