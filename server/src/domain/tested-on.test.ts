import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { builtInTargets } from '../targets/table.ts'
import { ARCHES, expandTargets, splitArch } from './targets.ts'
import { testTargets } from './tested-on.ts'

const where = (chroot: string, options: { distros?: string[]; isInternal?: boolean } = {}) =>
  testTargets(chroot, { isInternal: false, table: builtInTargets, ...options }).join(' ')

test('EPEL is tested on CentOS, everything else on itself', () => {
  assert.equal(where('epel-7-x86_64'), 'centos-7-x86_64')
  assert.equal(where('epel-9-aarch64'), 'centos-stream-9-aarch64')
  assert.equal(where('epel-10-x86_64'), 'centos-stream-10-x86_64')
  assert.equal(where('rhel+epel-10-s390x'), 'centos-stream-10-s390x')
  assert.equal(where('fedora-rawhide-x86_64'), 'fedora-rawhide-x86_64')
  assert.equal(where('constructor-x86_64'), 'constructor-x86_64')
})

test('on the internal infrastructure older EPEL is tested on RHEL, and branched minors on their nightly', () => {
  assert.equal(where('epel-8-x86_64', { isInternal: true }), 'rhel-8-x86_64')
  assert.equal(where('epel-9-x86_64', { isInternal: true }), 'centos-stream-9-x86_64')
  assert.equal(where('rhel+epel-10-x86_64', { isInternal: true }), 'rhel-10.2-nightly-x86_64')
})

test('the distributions that a configuration names take the place of the default', () => {
  assert.equal(
    where('epel-9-aarch64', { distros: ['centos-7', 'Fedora-latest', 'centos-7'] }),
    'centos-7-aarch64 Fedora-latest-aarch64',
  )
})

test('a test target keeps the architecture of its chroot, and every chroot has one', () => {
  const names = fc.constantFrom(...Object.keys(builtInTargets.aliases), 'fedora-44', 'epel9', 'centos-stream-10')
  fc.assert(
    fc.property(names, fc.constantFrom(...ARCHES), fc.boolean(), (name, arch, isInternal) => {
      for (const chroot of expandTargets([`${name}-${arch}`], builtInTargets).chroots) {
        const found = testTargets(chroot, { isInternal, table: builtInTargets })
        assert.equal(found.length, 1)
        assert.equal(splitArch(found[0] ?? '')[1], splitArch(chroot)[1])
      }
    }),
  )
})
