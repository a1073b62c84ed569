import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseRebuildOutput } from './inside/rebuild-result.ts'

const PACKAGE = { file: 'hello-1-1.noarch.rpm', name: 'hello', epoch: 0, version: '1', release: '1', arch: 'noarch' }

test('a package is not called like an option of the command that installs it', () => {
  assert.ok(parseRebuildOutput({ exitCode: 0, packages: [PACKAGE] }))
  for (const name of ['-y', '--nogpgcheck', '', 'a b', 'a;b'])
    assert.equal(parseRebuildOutput({ exitCode: 0, packages: [{ ...PACKAGE, name }] }), undefined, name)
})

test('a list of packages that no build has is no answer', () => {
  assert.equal(parseRebuildOutput({ exitCode: 0, packages: Array(2_001).fill(PACKAGE) }), undefined)
})
