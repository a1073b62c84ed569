import Type, { type Static } from 'typebox'
import { text, textOrNull, triggerKeys, whole, wholeOrNull } from './common.ts'
import { jobKeys, runIds, submitted } from './job-keys.ts'

const scan = {
  task_id: wholeOrNull('Task at OpenScanHub'),
  status: textOrNull(),
  url: textOrNull(),
  issues_added_count: wholeOrNull(),
  issues_added_url: textOrNull(),
  issues_fixed_url: textOrNull(),
  scan_results_url: textOrNull(),
  copr_build_target_id: wholeOrNull('Row of copr-builds that was scanned'),
  ...submitted,
  ...triggerKeys,
  ...jobKeys,
}
export const ScanEntry = Type.Object({ packit_id: whole(), ...scan }, { $id: 'ScanEntry' })
export type ScanEntry = Static<typeof ScanEntry>
export const Scan = Type.Object(scan, { $id: 'Scan', description: 'A scan of a build by OpenScanHub.' })
export type Scan = Static<typeof Scan>

export const Analysis = Type.Object(
  {
    packit_id: whole(),
    analysis_id: text('Id at the analysis service'),
    status: text(),
    chroot: textOrNull(),
    commit_sha: textOrNull(),
    log_detective_response: Type.Unknown({ description: 'What the service answered, when it is complete; else null' }),
    error_msg: textOrNull(),
    target_build: textOrNull('Id of the Copr build, or of the Koji task'),
    ...runIds,
    ...submitted,
    ...triggerKeys,
    build_system: textOrNull('copr or koji'),
    copr_build_target_id: wholeOrNull('Row of copr-builds it is about'),
    koji_build_target_id: wholeOrNull('Row of koji-builds it is about'),
    group_id: wholeOrNull(),
    ...jobKeys,
  },
  { $id: 'Analysis', description: 'What Log Detective makes of the log of a failed build.' },
)
export type Analysis = Static<typeof Analysis>
