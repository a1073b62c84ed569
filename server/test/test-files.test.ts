import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { execa } from 'execa'

const PROGRAM = new URL('test-files.ts', import.meta.url).pathname

async function runFiles(files: Record<string, string>) {
  const dir = await mkdtemp(join(tmpdir(), 'packit-test-'))
  try {
    for (const [name, text] of Object.entries(files))
      await writeFile(join(dir, name), `import test from 'node:test'\nimport fs from 'node:fs'\n${text}\n`)
    // a test inside a test run would report to the outer one
    const env = { NODE_TEST_CONTEXT: undefined, NODE_OPTIONS: undefined }
    return await execa(process.execPath, [PROGRAM, `${dir}/*.test.mjs`], { env, cwd: dir, reject: false })
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

const PASSES = "test('good', () => {})"
const FAILS_ONCE =
  "test('once', () => { if (!fs.existsSync('seen')) { fs.writeFileSync('seen', ''); throw new Error() } })"
const FAILS = "test('bad', () => { throw new Error('broken') })"

test('what fails at first and passes alone is green, and named', async () => {
  const { exitCode, stdout } = await runFiles({ 'a.test.mjs': PASSES, 'b.test.mjs': FAILS_ONCE })

  assert.equal(exitCode, 0, stdout)
  assert.match(stdout.slice(stdout.indexOf('Flaky')), /^Flaky: .*\n {2}\S*b\.test\.mjs$/)
})

test('what fails twice is red, also when it fails before its first test', async () => {
  const failing = await runFiles({ 'a.test.mjs': PASSES, 'b.test.mjs': FAILS })
  const broken = await runFiles({ 'a.test.mjs': PASSES, 'b.test.mjs': 'throw new Error()' })

  assert.deepEqual([failing.exitCode, broken.exitCode], [1, 1])
  assert.match(failing.stdout, /Once more/)
  assert.doesNotMatch(failing.stdout + broken.stdout, /Flaky/)
})

test('many failures are no chance: nothing is run again', async () => {
  const files = Object.fromEntries(Array.from({ length: 7 }, (_, i) => [`${i}.test.mjs`, FAILS]))
  const { exitCode, stdout } = await runFiles(files)

  assert.equal(exitCode, 1)
  assert.doesNotMatch(stdout, /Once more/)
})
