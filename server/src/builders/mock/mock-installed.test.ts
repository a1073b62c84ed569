// The same contract with a real mock, where one is named: PACKIT_TEST_MOCK=1 on a Fedora or EL machine, as a member of `mock`.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { packSpec, specOf } from '../../../test/rpm.ts'
import { createSandbox } from '../../sandbox/bubblewrap.ts'
import type { Limits } from '../../sandbox/sandbox.ts'
import { openFolderStorage } from '../../storage/folder.ts'
import { testBuilder } from '../builder.contract.ts'
import { hostChroot } from '../local/host-chroot.ts'
import { createMockBuilder } from './mock-builder.ts'

const LIMITS: Limits = { timeMs: 600_000, memoryBytes: 2 ** 31, processes: 512, diskBytes: 2 ** 30, logBytes: 2 ** 24 }
const SPECS = {
  good: specOf({
    build: 'echo built > hello',
    install: 'install -D hello %{buildroot}/usr/share/hello/hello',
    rest: '%files\n/usr/share/hello',
  }),
  failing: specOf({ build: 'echo "the build breaks here"; exit 1' }),
  endless: specOf({ build: 'sleep 6000' }),
}

if (process.env.PACKIT_TEST_MOCK) {
  const dir = mkdtempSync(join(tmpdir(), 'packit-real-mock-'))
  const storage = openFolderStorage(join(dir, 'storage'))
  const sandbox = createSandbox({ parallel: 1 })
  const arch = hostChroot('', process.arch).split('-').at(-1) ?? ''
  const builder = createMockBuilder({ storage, limits: LIMITS, arch, parallel: 1 })
  let lastId = 0
  after(async () => {
    await sandbox.close()
    rmSync(dir, { recursive: true })
  })
  const store = async (kind: keyof typeof SPECS) => {
    const path = await packSpec(sandbox, SPECS[kind])
    await storage.putFile(`srpms/${kind}/hello-1.0-1.src.rpm`, path)
    rmSync(dirname(path), { recursive: true })
    return `srpms/${kind}/hello-1.0-1.src.rpm`
  }
  testBuilder('the installed mock', () => ({ builder, storage, store, nextId: () => ++lastId, patienceMs: 1_800_000 }))
} else {
  test('each kind of package that the contract asks for has a spec file', () => {
    for (const spec of Object.values(SPECS)) assert.match(spec, /^Name: hello$/m)
  })
}
