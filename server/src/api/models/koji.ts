import Type, { type Static } from 'typebox'
import { epochOrNull, textOrNull, triggerKeys, whole, wholeOrNull } from './common.ts'
import { ids, jobKeys, optionalProject, runIds, triggerOfList } from './job-keys.ts'

const kojiBuild = {
  task_id: textOrNull(),
  scratch: Type.Union([Type.Boolean(), Type.Null()]),
  status: textOrNull(),
  build_submitted_time: epochOrNull(),
  chroot: textOrNull('Koji target, or branch of the distribution'),
  web_url: textOrNull(),
  build_logs_urls: Type.Unknown({
    description: 'Addresses by architecture; old rows may hold something else, or null',
  }),
}

export const KojiBuildEntry = Type.Object(
  {
    packit_id: whole(),
    ...kojiBuild,
    ...triggerOfList,
    ...optionalProject,
    sidetag: textOrNull(),
    nvr: textOrNull(),
    ...jobKeys,
  },
  { $id: 'KojiBuildEntry' },
)
export type KojiBuildEntry = Static<typeof KojiBuildEntry>

export const KojiBuild = Type.Object(
  {
    ...kojiBuild,
    build_start_time: epochOrNull(),
    build_finished_time: epochOrNull(),
    commit_sha: textOrNull(),
    srpm_build_id: wholeOrNull(),
    ...runIds,
    build_submission_stdout: textOrNull('What the submit command printed; its last megabyte'),
    error_message: textOrNull(),
    log_detective_runs: ids('Rows of log-detective about this build'),
    ...triggerKeys,
    sidetag: textOrNull(),
    nvr: textOrNull(),
    ...jobKeys,
  },
  { $id: 'KojiBuild' },
)
export type KojiBuild = Static<typeof KojiBuild>

const tagRequest = {
  task_id: textOrNull(),
  tag_request_submitted_time: epochOrNull(),
  chroot: textOrNull(),
  sidetag: textOrNull(),
  nvr: textOrNull(),
  web_url: textOrNull(),
}
const stateless = { package: jobKeys.package, run_id: jobKeys.run_id }

export const TagRequestEntry = Type.Object(
  { packit_id: whole(), ...tagRequest, ...triggerOfList, ...optionalProject, ...stateless },
  { $id: 'TagRequestEntry', description: 'A build to be tagged into a side tag.' },
)
export type TagRequestEntry = Static<typeof TagRequestEntry>

export const TagRequest = Type.Object(
  { ...tagRequest, commit_sha: textOrNull(), ...runIds, ...triggerKeys, ...stateless },
  { $id: 'TagRequest' },
)
export type TagRequest = Static<typeof TagRequest>
