import assert from 'node:assert/strict'
import { test } from 'node:test'
import { describeMissingPackages, findMissingPackages } from './missing-packages.ts'

test('a package, a program or a file that is here is not missing', async () => {
  assert.deepEqual(await findMissingPackages(['git', 'bash >= 4', '/usr/bin/env', 'sh']), [])
})

test('what is not here is told once, in the order given', async () => {
  const names = ['no-such-package', 'git', '/no/such/file', 'python3dist(no-such)', 'no-such-package']
  assert.deepEqual(await findMissingPackages(names), ['no-such-package', '/no/such/file', 'python3dist(no-such)'])
})

test('a name that no package has is missing, and is no option of the programs that are asked', async () => {
  assert.deepEqual(await findMissingPackages(['--version', '%(touch /tmp/x)', '../sh']), [
    '--version',
    '%(touch',
    '../sh',
  ])
})

test('nothing missing is not worth a sentence', () => {
  assert.equal(describeMissingPackages([]), undefined)
  assert.match(describeMissingPackages(['a', 'b']) ?? '', /srpm_build_deps: a, b\./)
})
