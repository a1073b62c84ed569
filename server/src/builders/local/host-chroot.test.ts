import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hostChroot } from './host-chroot.ts'

test('the chroot of this machine is named by its system, version and architecture', () => {
  const debian = 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\nID=debian\n'
  assert.equal(hostChroot(debian, 'x64'), 'host-debian-12-x86_64')
  assert.equal(hostChroot("NAME='Fedora Linux'\nID=fedora\nVERSION_ID=44\n", 'arm64'), 'host-fedora-44-aarch64')
})

test('a system without a version is named by its code name, or as rolling', () => {
  assert.equal(hostChroot('ID=debian\nVERSION_CODENAME=forky\n', 'x64'), 'host-debian-forky-x86_64')
  assert.equal(hostChroot('ID=arch\n', 'x64'), 'host-arch-rolling-x86_64')
  assert.equal(hostChroot('', 'x64'), 'host-linux-rolling-x86_64')
})

test('nothing but letters that names and paths may have gets into the name', () => {
  assert.equal(hostChroot('ID="../Op en"\nVERSION_ID="1/2"\n', 'x64'), 'host-..open-12-x86_64')
  assert.equal(
    hostChroot('BUG_ID=no\nXVERSION_ID=9\nID="opensuse-leap"\nVERSION_ID="15.6"\n', 'x64'),
    'host-opensuseleap-15.6-x86_64',
  )
})
