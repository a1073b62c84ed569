import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CheckConclusion } from '../../domain/check.ts'
import type { ShownCheck } from '../forge.ts'
import { annotationFields, checkFields, cutComment, cutSummary, statusFields } from './texts.ts'

const check = (changes: Partial<ShownCheck> = {}, output: Partial<ShownCheck['output']> = {}): ShownCheck => ({
  name: 'rpm-build:fedora-43-x86_64',
  sha: '1'.repeat(40),
  externalId: '7',
  phase: { status: 'in_progress' },
  output: { title: 'Builds', summary: 'It builds.', annotations: [], buttons: [], ...output },
  url: 'https://packit.example.org/jobs/copr/1',
  startedAt: null,
  endedAt: null,
  ...changes,
})

test('a summary is cut at a line end to what GitHub takes, counted in bytes, and says so', () => {
  const fits = 'ä'.repeat(32_767)
  assert.equal(cutSummary(fits), fits)
  for (const line of ['ä line that is repeated\n', '🎉🎉🎉\n', 'x\n']) {
    const cut = cutSummary(line.repeat(40_000))
    const bytes = Buffer.byteLength(cut)
    assert.ok(bytes <= 65_535 && bytes > 65_000, `${bytes}`)
    const [kept = '', note] = cut.split('\n\n_')
    assert.match(note ?? '', /^Cut here/)
    assert.ok(kept.split('\n').every((l) => `${l}\n` === line))
  }
  assert.ok(Buffer.byteLength(cutSummary('🎉'.repeat(40_000))) <= 65_535)
})

test('a comment is cut to 65,536 characters', () => {
  assert.equal(cutComment('a'.repeat(65_536)).length, 65_536)
  const cut = cutComment('a line\n'.repeat(20_000))
  assert.ok(cut.length <= 65_536 && cut.length > 65_000)
  assert.match(cut, /\na line\n\n_Cut here/)
})

test('only http and https links are given, and no empty ones', () => {
  assert.equal(checkFields(check()).details_url, 'https://packit.example.org/jobs/copr/1')
  for (const url of [null, '', 'javascript:alert(1)', 'ftp://x/y', 'nonsense']) {
    assert.ok(!('details_url' in checkFields(check({ url }))), String(url))
    assert.ok(!('target_url' in statusFields(check({ url }))), String(url))
  }
})

test('a check has at most three buttons, with short texts; a button whose word is too long is left out', () => {
  const button = (word: string) => ({ word, label: 'A label that is far too long', description: 'd'.repeat(60) })
  const { actions } = checkFields(check({}, { buttons: ['retry', 'x'.repeat(21), 'a', 'b', 'c'].map(button) }))
  assert.deepEqual(actions, [
    { identifier: 'retry', label: 'A label that is far…', description: `${'d'.repeat(39)}…` },
    { identifier: 'a', label: 'A label that is far…', description: `${'d'.repeat(39)}…` },
    { identifier: 'b', label: 'A label that is far…', description: `${'d'.repeat(39)}…` },
  ])
})

test('times and conclusion are told when they mean something', () => {
  const startedAt = new Date('2026-11-24T12:00:00Z')
  const endedAt = new Date('2026-11-24T12:01:00Z')
  const running = checkFields(check({ startedAt, endedAt }))
  assert.deepEqual(
    [running.started_at, running.completed_at, running.conclusion],
    [startedAt.toISOString(), undefined, undefined],
  )
  const ended = checkFields(check({ startedAt, endedAt, phase: { status: 'completed', conclusion: 'failure' } }))
  assert.deepEqual([ended.completed_at, ended.conclusion], [endedAt.toISOString(), 'failure'])
})

test('title and summary are never empty: GitHub wants both', () => {
  assert.deepEqual(checkFields(check({}, { title: ' ', summary: '\n' })).output, {
    title: 'rpm-build:fedora-43-x86_64',
    summary: 'rpm-build:fedora-43-x86_64',
  })
})

test('an annotation names lines that exist', () => {
  const annotation = { path: 'a.spec', level: 'warning', title: 't', message: '' } as const
  const { start_line, end_line, message } = annotationFields({ ...annotation, startLine: 0, endLine: -1 })
  assert.deepEqual([start_line, end_line, message], [1, 1, 't'])
})

test('a commit status says in its text what its four states can not', () => {
  const expected: Record<CheckConclusion, [string, string]> = {
    success: ['success', 'Done'],
    failure: ['failure', 'Done'],
    neutral: ['success', 'No result: Done'],
    skipped: ['success', 'Skipped: Done'],
    cancelled: ['error', 'Canceled: Done'],
    action_required: ['pending', 'Waits for somebody: Done'],
  }
  for (const [conclusion, [state, description]] of Object.entries(expected)) {
    const phase = { status: 'completed', conclusion: conclusion as CheckConclusion } as const
    const fields = statusFields(check({ phase }, { title: 'Done' }))
    assert.deepEqual([fields.state, fields.description], [state, description], conclusion)
  }
  assert.equal(statusFields(check()).state, 'pending')
  const long = statusFields(check({}, { title: 'word '.repeat(60) }))
  assert.equal(String(long.description).length, 140)
})
