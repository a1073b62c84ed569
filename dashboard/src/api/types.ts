import type { components } from './schema.ts'

/** What the API answers, made from the contract. Times are epoch seconds; those that end in `_at` have a fraction. */
type Schemas = components['schemas']

export type State = Schemas['State']
export type Trigger = Schemas['Trigger']
export type RunSummary = Schemas['RunEntry']
export type Run = Schemas['Run']
export type Step = Schemas['RunStep']
export type Queue = NonNullable<Run['queue']>
export type TestQueue = Schemas['TestQueue']
export type Cause = Schemas['Cause']
/** What one test said. */
export type TestCase = Schemas['TestCase']
export type TestCounts = Schemas['TestCounts']
export type Decision = Schemas['Decision']
export type PlannedJob = Decision['jobs'][number]
export type Check = Run['checks'][number]
export type SrpmBuild = Schemas['SrpmBuild']
/** The build of one SRPM in one chroot, by any builder. */
export type RpmBuild = Schemas['CoprBuild']
export type Project = Schemas['Project']
export type LatestRun = Schemas['LatestRun']
/** Who is signed in, and what they may do. */
export type Session = Schemas['Session']
export type ServiceStatus = Schemas['Status']
export type Change = Schemas['Change']
export type PastUsage = Schemas['PastUsage']
export type Delivery = Schemas['Delivery']
export type SearchResult = Schemas['SearchResult']
export type SearchHit = Schemas['SearchHit']
