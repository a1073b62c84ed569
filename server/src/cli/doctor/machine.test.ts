import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { judgeVersion } from './database.ts'
import type { Finding } from './finding.ts'
import { checkDataDir, checkSandbox, checkTargets, checkTools } from './machine.ts'
import { sectionText, summaryText } from './report.ts'

let dir = ''
before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'packit-doctor-'))
})
after(() => rm(dir, { recursive: true, force: true }))

const bad = (findings: Finding[]) => findings.filter(({ state }) => state !== 'ok')

test('a data directory that is not there is made later, one that is a file is a problem', async () => {
  assert.equal(bad(await checkDataDir(join(dir, 'new'), undefined))[0]?.state, 'warning')
  await writeFile(join(dir, 'file'), '')
  assert.match(bad(await checkDataDir(join(dir, 'file'), undefined))[0]?.what ?? '', /is no folder/)
  const found = await checkDataDir(dir, undefined)
  assert.ok(found.some(({ what }) => what === 'no service runs on it now'))
})

test('a program that is missing names its packages; one that few need is a warning', async () => {
  const findings = await checkTools(async (tool) => (tool === 'bwrap' || tool === 'gcc' ? undefined : '1.2'))
  assert.deepEqual(
    bad(findings).map(({ state, what, advice }) => [state, what, advice]),
    [
      ['problem', 'bwrap is not there: the sandbox', 'Install bubblewrap, or run scripts/setup.'],
      ['warning', 'gcc is not there: projects in C', 'Install gcc, or run scripts/setup.'],
    ],
  )
})

test('what the sandbox does not hold is a problem, with its advice', async () => {
  const describe = async () => ({
    ok: false,
    findings: [
      { what: 'it has no network', ok: true },
      { what: 'a sandbox can be made', ok: false, advice: 'allow user namespaces' },
      { what: 'processes are limited', ok: false },
    ],
  })
  const findings = bad(await checkSandbox({ describe }))
  assert.deepEqual(
    findings.map(({ state }) => state),
    ['problem', 'problem'],
  )
  assert.equal(findings[0]?.advice, 'allow user namespaces')
  assert.match(findings[1]?.advice ?? '', /docs\/security\.md/)
})

test('an old table of targets is a warning', () => {
  assert.equal(checkTargets('2026-11-24', new Date('2027-01-01')).state, 'ok')
  assert.match(checkTargets('2026-11-24', new Date('2027-11-24')).what, /365 days old/)
})

test('a PostgreSQL older than 15 is a problem', () => {
  assert.deepEqual([judgeVersion(150_004).state, judgeVersion(180_000).what], ['ok', 'PostgreSQL 18 answers'])
  assert.equal(judgeVersion(140_011).state, 'problem')
})

test('the terminal shows each finding with its mark, and below a bad one what to do', () => {
  const output = { write: () => {}, isTerminal: false, hasColor: false, columns: 100 }
  const section = {
    title: 'Data',
    findings: [
      { state: 'ok' as const, what: 'fine' },
      { state: 'problem' as const, what: 'a \x1b[31mname', advice: 'mend it' },
    ],
  }
  assert.equal(sectionText(section, output), 'Data\n  ✓ fine\n  ✗ a \\x1b[31mname\n    → mend it\n\n')
  assert.equal(summaryText([section], output), '✗ 1 problem\n')
  assert.equal(
    summaryText([{ title: 'x', findings: [section.findings[0] as Finding] }], output),
    '✓ all is well: 1 things were looked at\n',
  )
})
