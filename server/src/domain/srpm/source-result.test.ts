import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { findSourceResult, showSourceResult } from './source-result.ts'

const CONFLICT = { ok: false, kind: 'merge-conflict', message: 'Konflikt in „ä b“ 🙂.', files: ['ä b', 'c'] } as const

test('a result is found in a log whatever stands around it, and the last one counts', () => {
  const line = showSourceResult({ ...CONFLICT, files: [...CONFLICT.files] })
  const earlier = showSourceResult({ ok: false, kind: 'config', message: 'earlier' })

  assert.deepEqual(findSourceResult(`a\n${earlier}\nstdout: ${line}\r\n+ exit 1\r\n`), CONFLICT)
  assert.match(line, /^[\x20-\x7e]+$/)
})

test('whatever a log says, a result has the shape of one or is none', () => {
  const mark = showSourceResult({ ok: false, kind: 'config', message: '' }).split('{')[0] ?? ''
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      const found = findSourceResult(mark + text)
      assert.ok(found === undefined || typeof found.ok === 'boolean')
    }),
  )
  assert.equal(findSourceResult(''), undefined)
  assert.equal(findSourceResult(`${mark}{"ok":false,"kind":"none","message":"x"}`), undefined)
})
