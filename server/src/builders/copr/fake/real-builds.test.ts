import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { installIntoEmptyRoot } from '../../../../test/install.ts'
import { HELLO_SPEC, packSpec } from '../../../../test/rpm.ts'
import { createSandbox } from '../../../sandbox/bubblewrap.ts'
import type { Limits } from '../../../sandbox/sandbox.ts'
import { openFolderStorage } from '../../../storage/folder.ts'
import { waitFor } from '../../builder.contract.ts'
import { hostChroot } from '../../local/host-chroot.ts'
import { createCoprBuilder } from '../copr-builder.ts'
import { FakeCopr } from './fake-copr.ts'
import { realPace } from './real-builds.ts'

const LIMITS: Limits = { timeMs: 60_000, memoryBytes: 2 ** 30, processes: 64, diskBytes: 2 ** 26, logBytes: 2 ** 20 }
const ARCH = hostChroot('', process.arch).split('-').at(-1) ?? ''
const MINE = `fedora-45-${ARCH}`
const OTHER = `fedora-45-${ARCH === 'x86_64' ? 'aarch64' : 'x86_64'}`

test('an SRPM is really built for the chroots of this architecture, and dnf installs what was built from the repository', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'packit-fake-copr-'))
  const sandbox = createSandbox({ parallel: 1 })
  const storage = openFolderStorage(join(dir, 'storage'))
  const kept = openFolderStorage(join(dir, 'copr'))
  const pace = realPace({ sandbox, limits: LIMITS, storage: kept, arch: ARCH })
  try {
    await using copr = await FakeCopr.start({ pace, storage: kept, chroots: [MINE, OTHER] })
    const builder = createCoprBuilder({ ...copr.settings, storage, keepDays: 60, mostLogBytes: 2 ** 20 })
    const srpm = await packSpec(sandbox, HELLO_SPEC)
    await storage.putFile('srpms/hello-1.0-1.src.rpm', srpm)
    await rm(dirname(srpm), { recursive: true })
    const wanted = { id: 1, srpm: 'srpms/hello-1.0-1.src.rpm', chroots: [MINE, OTHER], project: 'acme-hello-1' }
    const { buildId } = await builder.startBuild(wanted)
    const targets = await waitFor(builder, buildId, ({ endedAt }) => endedAt !== undefined)

    assert.deepEqual(
      targets.map(({ chroot, state }) => [chroot, state]),
      [
        [MINE, 'success'],
        [OTHER, 'skipped'],
      ],
    )
    assert.deepEqual(copr.build(buildId).source, { ...copr.build(buildId).source, name: 'hello', version: '1.0-1' })
    const repoFile = await (await fetch(`${copr.url}/coprs/packit/acme-hello-1/repo/fedora-45/x.repo`)).text()
    const [, baseurl = ''] = /^baseurl=(.*)$/m.exec(repoFile) ?? []
    await using installed = await installIntoEmptyRoot(baseurl.replace('$basearch', ARCH), ['hello-1.0-1'])
    assert.equal(installed.status, 0, installed.log)
    assert.deepEqual(await installed.run('/usr/bin/hello'), { status: 0, output: 'hello from a package\n' })
  } finally {
    await sandbox.close()
    await rm(dir, { recursive: true, force: true })
  }
})
