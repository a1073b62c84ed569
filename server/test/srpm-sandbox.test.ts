import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, test } from 'node:test'
import { parse } from 'yaml'
import { type MakeSrpmInput, MIRROR_PATH, parseMakeSrpmResult, SRPM_FILE } from '../src/domain/srpm/step.ts'
import { createSandbox } from '../src/sandbox/bubblewrap.ts'
import { createFixture, listSrpm, PACKAGER } from './srpm-fixture.ts'

const sandbox = createSandbox({ parallel: 1 })
after(() => sandbox.close())

const PROGRAM = path.join(import.meta.dirname, '../src/builders/local/inside/make-srpm.ts')
const EXAMPLE = path.join(import.meta.dirname, '../../examples/hello')
const LIMITS = { timeMs: 60_000, memoryBytes: 1 << 30, processes: 256, diskBytes: 1 << 28, logBytes: 1 << 24 }

async function readExample(): Promise<Record<string, Buffer>> {
  const entries = await readdir(EXAMPLE, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name))
  const read = files.map(async (file) => [path.relative(EXAMPLE, file), await readFile(file)] as const)
  return Object.fromEntries(await Promise.all(read))
}

test('the example becomes an SRPM in the sandbox, where a source is what the host downloaded', async () => {
  const files = await readExample()
  const config = parse(files['.packit.yaml']?.toString() ?? '', { version: '1.1' })
  await using fixture = await createFixture([
    { message: 'Initial', files, tags: ['v1.0'] },
    { message: 'A change', files: { 'README.md': 'changed' }, branch: 'topic' },
    { message: 'On main', files: { NEWS: 'x' }, after: 'Initial' },
  ])
  const input: MakeSrpmInput = {
    package: 'hello',
    options: {
      ...config,
      sources: [{ path: 'src/more.txt', url: 'https://example.org/more' }],
      actions: { 'post-modifications': 'cat src/more.txt' },
    },
    event: 'pull_request',
    headSha: fixture.commits['A change'] ?? '',
    baseSha: fixture.commits['On main'] ?? '',
    baseRef: 'main',
    branch: 'pr/5',
    merge: true,
    tag: null,
    mergedRef: fixture.commits['On main'] ?? '',
    updateRelease: null,
    createdAt: '2026-11-03T10:20:30.000Z',
    commitTime: '2026-11-03T10:20:30.000Z',
    packager: PACKAGER,
  }
  const resultsDir = await mkdtemp(path.join(tmpdir(), 'srpm-results-'))
  const log: Buffer[] = []
  const steps: unknown[] = []
  try {
    const ended = await sandbox.run({
      program: PROGRAM,
      input,
      mounts: { [MIRROR_PATH]: fixture.mirror },
      limits: LIMITS,
      network: false,
      results: [{ name: SRPM_FILE, maxBytes: 1 << 20 }],
      resultsDir,
      onLog: (chunk) => log.push(chunk),
      onProgress: (progress) => steps.push(progress),
      onFetch: async (url, into) => {
        assert.equal(url, 'https://example.org/more')
        await writeFile(into, 'what the host brought\n')
      },
    })
    const text = Buffer.concat(log).toString()
    assert.equal(ended.end, 'finished', text)
    const result = parseMakeSrpmResult(ended.output)
    assert.ok(result?.ok, text)
    assert.match(result.srpm.nvr, /^hello-1\.0-1\.20261103102030000000\.pr5\.3\.g[0-9a-f]{7}$/)
    assert.deepEqual(result.buildRequires, ['gcc', 'glibc-static', 'make'])
    assert.match(text, /==> Action post-modifications: cat src\/more\.txt\nwhat the host brought\n/)
    assert.deepEqual(steps[0], { step: 'checkout' })
    assert.deepEqual(await listSrpm(ended.files[0]?.path ?? ''), ['hello-1.0.tar.gz', 'hello.spec'])
  } finally {
    await rm(resultsDir, { recursive: true, force: true })
  }
})
