import type { Limits, Sandbox } from '../../sandbox/sandbox.ts'
import type { Storage } from '../../storage/storage.ts'
import type { Builder } from '../builder.ts'
import { createInProcessBuilder } from '../in-process.ts'
import { buildHere } from './build-here.ts'

export interface LocalBuilderOptions {
  sandbox: Sandbox
  storage: Storage
  limits: Limits
  /** Name of the only chroot, see `hostChroot`. */
  hostChroot: string
  /** Where files are kept between sandbox and storage; on the storage's file system they cost no copy. */
  workDir?: string
  now?: () => Date
  /** Called when lines of a log were stored, with the log's size in bytes. */
  onLog?: (buildId: string, chroot: string, bytes: number) => void
}

/** Builds on this machine, in the sandbox, without a clean root. */
export function createLocalBuilder(options: LocalBuilderOptions): Builder {
  const { hostChroot, storage, now, onLog } = options
  return createInProcessBuilder({
    ...{ name: 'local', storage, now, onLog },
    findChroots: async () => [hostChroot],
    refuse: () => `this machine builds for ${hostChroot} only`,
    run: ({ build, ...step }) => buildHere(options, { srpm: build.srpm, ...step }),
  })
}
