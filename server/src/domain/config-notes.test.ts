import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readConfigNotes } from './config-notes.ts'

test('each line with the path is a note of its own, with its place', () => {
  assert.deepEqual(
    readConfigNotes('.packit.yaml', '.packit.yaml:3:7: wrong: so\n.packit.yaml:12:1: too\nlong\n.packit.yaml: empty'),
    [
      { message: 'wrong: so', line: 3, column: 7 },
      { message: 'too\nlong', line: 12, column: 1 },
      { message: 'empty', line: null, column: null },
    ],
  )
})

test('a text without place is kept whole', () => {
  assert.deepEqual(readConfigNotes(null, 'the target "x" is not known'), [
    { message: 'the target "x" is not known', line: null, column: null },
  ])
})
