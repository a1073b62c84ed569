import Type, { type Static } from 'typebox'
import {
  BuiltPackage,
  Cause,
  dictionary,
  epochOrNull,
  instantOrNull,
  nullable,
  ref,
  State,
  text,
  textOrNull,
  triggerKeys,
  whole,
  wholeOrNull,
} from './common.ts'

/** What every job object has beside the contract's keys. */
const jobKeys = {
  state: ref(State),
  reason: textOrNull('Why, where the state alone does not say it'),
  builder: text('What builds it: local, mock or copr'),
  package: textOrNull('Package of a configuration with several'),
  identifier: textOrNull('Identifier of the job in the configuration'),
  run_id: wholeOrNull('Id of the run (merged_run_id)'),
  queued_at: instantOrNull(),
  started_at: instantOrNull(),
  ended_at: instantOrNull(),
}

const detailKeys = {
  cancel_reason: textOrNull('Who asked for its end, and why, as long as it has not ended'),
  log: textOrNull('Path of the log in this API'),
  log_size: wholeOrNull('Bytes; grows while the step runs'),
  install: Type.Array(Type.String(), { description: 'Commands that install what was built; empty until published' }),
  cause: nullable(ref(Cause)),
}

export const SrpmBuildEntry = Type.Object(
  {
    srpm_build_id: whole(),
    status: textOrNull(),
    log_url: text('Page of the build'),
    build_submitted_time: epochOrNull(),
    repo_namespace: Type.Optional(textOrNull()),
    repo_name: Type.Optional(textOrNull()),
    project_url: Type.Optional(textOrNull()),
    pr_id: Type.Optional(wholeOrNull()),
    branch_name: Type.Optional(textOrNull()),
    release: Type.Optional(textOrNull()),
    ...jobKeys,
  },
  { $id: 'SrpmBuildEntry' },
)
export type SrpmBuildEntry = Static<typeof SrpmBuildEntry>

export const SrpmBuild = Type.Object(
  {
    status: textOrNull(),
    build_submitted_time: epochOrNull(),
    build_start_time: epochOrNull(),
    build_finished_time: epochOrNull(),
    url: textOrNull('Where the SRPM can be fetched'),
    logs: textOrNull('The last megabyte of the log'),
    logs_url: textOrNull('Address of the whole log'),
    copr_build_id: textOrNull(),
    copr_web_url: textOrNull(),
    run_ids: Type.Array(Type.Integer(), { description: 'Pipelines that use this SRPM' }),
    commit_sha: textOrNull(),
    nvr: textOrNull(),
    ...triggerKeys,
    ...jobKeys,
    ...detailKeys,
  },
  { $id: 'SrpmBuild' },
)
export type SrpmBuild = Static<typeof SrpmBuild>

export const CoprBuildEntry = Type.Object(
  {
    packit_id: whole(),
    project: textOrNull(),
    build_id: text(),
    status_per_chroot: dictionary(textOrNull(), 'Status by chroot'),
    packit_id_per_chroot: dictionary(Type.Integer(), 'Id of the build (GET /copr-builds/{id}) by chroot'),
    build_submitted_time: epochOrNull(),
    web_url: textOrNull(),
    ref: textOrNull('Commit'),
    pr_id: wholeOrNull(),
    branch_name: textOrNull(),
    release: textOrNull(),
    repo_namespace: text(),
    repo_name: text(),
    project_url: text(),
    ...jobKeys,
  },
  { $id: 'CoprBuildEntry', description: 'One build: one SRPM, several chroots.' },
)
export type CoprBuildEntry = Static<typeof CoprBuildEntry>

export const CoprBuild = Type.Object(
  {
    build_id: textOrNull('Null until the build was submitted'),
    status: textOrNull(),
    chroot: textOrNull(),
    build_submitted_time: epochOrNull(),
    build_start_time: epochOrNull(),
    build_finished_time: epochOrNull(),
    commit_sha: textOrNull(),
    web_url: textOrNull(),
    build_logs_url: textOrNull(),
    copr_project: textOrNull(),
    copr_owner: textOrNull(),
    srpm_build_id: wholeOrNull(),
    run_ids: Type.Array(Type.Integer()),
    built_packages: nullable(Type.Array(ref(BuiltPackage))),
    log_detective_runs: Type.Array(Type.Integer()),
    ...triggerKeys,
    ...jobKeys,
    ...detailKeys,
  },
  { $id: 'CoprBuild', description: 'A build in one chroot, of any builder.' },
)
export type CoprBuild = Static<typeof CoprBuild>

export const buildModels = [SrpmBuildEntry, SrpmBuild, CoprBuildEntry, CoprBuild]
