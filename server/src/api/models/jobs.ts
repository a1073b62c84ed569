import { Analysis, Scan, ScanEntry } from './analyses.ts'
import { AnalysisGroup, BuildGroup, TagRequestGroup, TestGroup, UpdateGroup } from './groups.ts'
import { KojiBuild, KojiBuildEntry, TagRequest, TagRequestEntry } from './koji.ts'
import { BodhiUpdate, BodhiUpdateEntry, SyncRunEntry, SyncTarget } from './releases.ts'
import { Test, TestEntry } from './tests.ts'

/** The models of all jobs but SRPMs and builds, as `openapi.json` lists them. */
export const jobModels = [
  TestEntry,
  Test,
  KojiBuildEntry,
  KojiBuild,
  TagRequestEntry,
  TagRequest,
  BodhiUpdateEntry,
  BodhiUpdate,
  SyncRunEntry,
  SyncTarget,
  ScanEntry,
  Scan,
  Analysis,
  BuildGroup,
  TagRequestGroup,
  UpdateGroup,
  TestGroup,
  AnalysisGroup,
]
