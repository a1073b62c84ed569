import { readdir } from 'node:fs/promises'
import { createSlots } from '../../sandbox/slots.ts'
import type { Builder } from '../builder.ts'
import { createInProcessBuilder } from '../in-process.ts'
import { type MockDeps, runMock } from './run-mock.ts'

export interface MockBuilderOptions extends Omit<MockDeps, 'command'> {
  /** Of this machine, as RPM calls it: chroots of others would need an emulator. */
  arch: string
  /** How many builds at a time. */
  parallel: number
  /** Default `mock`. */
  command?: readonly string[]
  /** Where mock has its configurations; default `/etc/mock`. */
  configDir?: string
  now?: () => Date
  onLog?: (buildId: string, chroot: string, bytes: number) => void
}

/**
 * Builds by mock, in a clean root for each chroot that mock is configured for here. mock isolates builds by itself, instead of
 * the sandbox; the account of the service has to be in the group `mock`.
 */
export function createMockBuilder(options: MockBuilderOptions): Builder {
  const { storage, arch, configDir = '/etc/mock', now, onLog } = options
  const slots = createSlots(options.parallel)
  const deps: MockDeps = { ...options, command: options.command ?? ['mock'] }
  return createInProcessBuilder({
    ...{ name: 'mock', storage, now, onLog },
    findChroots: () => listChroots(configDir, arch),
    refuse: (chroot) => `mock has no configuration ${chroot} on this machine`,
    async run(build) {
      const slot = await slots.take(build.signal)
      if (slot === undefined) return { state: 'canceled', end: 'canceled' }
      try {
        return await runMock(deps, build)
      } finally {
        slots.free(slot)
      }
    },
  })
}

/** The configurations of this architecture, each a file of its own; those of ended distributions lie in a folder below. */
async function listChroots(configDir: string, arch: string): Promise<string[]> {
  const names = await readdir(configDir).catch(() => [])
  const pattern = /^([A-Za-z0-9][A-Za-z0-9+._-]*)\.cfg$/
  return names.flatMap((name) => pattern.exec(name)?.[1] ?? []).filter((name) => name.endsWith(`-${arch}`))
}
