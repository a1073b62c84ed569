import type { TestToRun } from '../tester.ts'
import { FakeTestingFarm, type FakeTestingFarmOptions } from './fake/fake-testing-farm.ts'
import { createTestingFarm } from './testing-farm.ts'

let lastId = 0

/** Tests of a pull request's packages from Copr, with the project's own plans. */
export function testToRun(set: Partial<TestToRun> = {}): TestToRun {
  lastId += 1
  return {
    id: lastId,
    target: 'fedora-rawhide-x86_64',
    plans: { url: 'https://github.com/acme/hello', ref: 'f00d', mergeSha: null, path: '.', name: null },
    builds: [
      {
        ...{ builder: 'copr', buildId: '1044215', chroot: 'fedora-rawhide-x86_64', files: [] },
        packages: ['hello-2.10-1.fc46.x86_64'],
      },
    ],
    context: { distro: 'fedora-rawhide', arch: 'x86_64', trigger: 'commit', initiator: 'packit' },
    variables: { PACKIT_COPR_PROJECT: 'packit/acme-hello-1' },
    secrets: {},
    postInstallScript: null,
    extra: {},
    isInternal: false,
    timeoutMinutes: null,
    createdAt: new Date('2026-11-26T12:03:00Z'),
    notification: { url: 'http://127.0.0.1:9/nobody', secret: `secret-${lastId}` },
    ...set,
  }
}

/** A fake Testing Farm, and a tester that asks it. */
export async function openFarm(options: FakeTestingFarmOptions & { timeoutMs?: number; hasInternal?: boolean } = {}) {
  const farm = await FakeTestingFarm.start(options)
  const warnings: string[] = []
  const { timeoutMs, now, hasInternal = true } = options
  const tester = createTestingFarm({
    public: { url: farm.url, token: farm.tokens.public, setting: 'PACKIT_TESTING_FARM_TOKEN' },
    internal: hasInternal
      ? { url: farm.url, token: farm.tokens.redhat, setting: 'PACKIT_TESTING_FARM_INTERNAL_TOKEN' }
      : undefined,
    warn: (line) => warnings.push(line),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(now === undefined ? {} : { now }),
  })
  return { farm, tester, warnings, [Symbol.asyncDispose]: () => farm[Symbol.asyncDispose]() }
}
