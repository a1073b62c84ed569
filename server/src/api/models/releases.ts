import Type, { type Static } from 'typebox'
import { dictionary, epochOrNull, text, textOrNull, triggerKeys, whole, wholeOrNull } from './common.ts'
import { jobKeys, optionalProject, runIds, submitted, triggerOfList } from './job-keys.ts'

const bodhiUpdate = {
  status: textOrNull(),
  branch: textOrNull('Branch of the distribution'),
  web_url: textOrNull(),
  koji_nvrs: textOrNull('Name-version-release of the builds, separated by blanks'),
  alias: textOrNull('FEDORA-…'),
  ...submitted,
  update_creation_time: epochOrNull('When it existed in Bodhi'),
}

export const BodhiUpdateEntry = Type.Object(
  { packit_id: whole(), ...bodhiUpdate, ...triggerOfList, ...optionalProject, sidetag: textOrNull(), ...jobKeys },
  { $id: 'BodhiUpdateEntry' },
)
export type BodhiUpdateEntry = Static<typeof BodhiUpdateEntry>

export const BodhiUpdate = Type.Object(
  { ...bodhiUpdate, ...runIds, error_message: textOrNull(), ...triggerKeys, sidetag: textOrNull(), ...jobKeys },
  { $id: 'BodhiUpdate' },
)
export type BodhiUpdate = Static<typeof BodhiUpdate>

export const SyncRunEntry = Type.Object(
  {
    packit_id: whole('Id of the run; details are asked for by the ids of packit_id_per_downstream_pr'),
    status: textOrNull(),
    ...submitted,
    status_per_downstream_pr: dictionary(textOrNull(), 'By branch'),
    packit_id_per_downstream_pr: dictionary(whole(), 'By branch'),
    pr_id: wholeOrNull(),
    issue_id: wholeOrNull(),
    release: textOrNull(),
    anitya_version: textOrNull(),
    repo_namespace: textOrNull(),
    repo_name: textOrNull(),
    project_url: textOrNull(),
    anitya_project_id: wholeOrNull(),
    anitya_project_name: textOrNull(),
    anitya_package: textOrNull(),
    non_git_upstream: Type.Boolean(),
    ...jobKeys,
  },
  { $id: 'SyncRunEntry', description: 'A release on its way into the distribution, all its branches.' },
)
export type SyncRunEntry = Static<typeof SyncRunEntry>

export const SyncTarget = Type.Object(
  {
    status: textOrNull(),
    branch: text('Branch of the distribution'),
    downstream_prs: Type.Array(
      Type.Object({
        pr_id: wholeOrNull(),
        branch: textOrNull(),
        is_fast_forward: Type.Boolean(),
        url: textOrNull(),
      }),
    ),
    downstream_pr_project: textOrNull('Address of the project of the first of them'),
    ...submitted,
    start_time: epochOrNull(),
    finished_time: epochOrNull(),
    logs: textOrNull('The last megabyte'),
    ...triggerKeys,
    sync_run_id: whole('Id of its entry in the list'),
    ...jobKeys,
  },
  { $id: 'SyncTarget', description: 'One branch that a release is brought to.' },
)
export type SyncTarget = Static<typeof SyncTarget>
