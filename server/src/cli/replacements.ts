import type { Builder } from '../builders/builder.ts'
import type { SrpmMaker } from '../builders/srpm-maker.ts'
import type { RepositoryMaker } from '../builds/deps.ts'
import type { Targets } from '../domain/targets.ts'
import type { CommandTrust } from '../events/commands/trust.ts'
import type { FindForge } from '../forges/forge.ts'
import type { Mirrors } from '../git/mirrors.ts'
import type { ReportTiming } from '../reports/deps.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import type { Storage } from '../storage/storage.ts'
import type { TestTiming } from '../test-runs/deps.ts'
import type { Tester } from '../testers/tester.ts'

/** What a test may put in place of the real things. */
export interface Replacements {
  storage?: Storage
  sandbox?: Sandbox
  builder?: Builder
  srpmMaker?: SrpmMaker
  repositories?: RepositoryMaker
  findForge?: FindForge
  trust?: CommandTrust
  mirrors?: Mirrors
  targets?: Targets
  /** Null = none. */
  tester?: Tester | null
  testTiming?: Partial<TestTiming>
  reportTiming?: Partial<ReportTiming>
  now?: () => Date
}
