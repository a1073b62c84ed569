import { choice, flag, orNull, type Reader, text, texts } from './readers.ts'
import { JOB_TYPES, type JobSettings, type OptionName } from './types.ts'

type ReadSettings = Omit<JobSettings, 'type' | 'on'>

/** The keys that only a job has, apart from those that choose its packages. Null is as if the key weren't there. */
export const JOB_SETTINGS: { [K in keyof ReadSettings]: { read: Reader<ReadSettings[K]>; fallback: ReadSettings[K] } } =
  {
    skip_build: { read: flag, fallback: false },
    manual_trigger: { read: flag, fallback: false },
    labels: { read: texts, fallback: [] },
    sidetag_group: { read: orNull(text), fallback: null },
    dependents: { read: texts, fallback: [] },
    dependencies: { read: texts, fallback: [] },
  }

export const jobType = choice(JOB_TYPES)

/** Names that jobs once had. */
export const OLD_JOB_TYPES: Readonly<Record<string, string>> = {
  build: 'copr_build',
  production_build: 'upstream_koji_build',
}

export const JOB_SETTING_NAMES = Object.keys(JOB_SETTINGS) as (keyof ReadSettings)[]

export const JOB_KEYS: readonly string[] = ['job', 'trigger', ...JOB_SETTING_NAMES, 'packages', 'package', 'metadata']

/** What the deprecated mapping `metadata` of a job may hold. */
export const METADATA_KEYS: readonly (OptionName | 'skip_build')[] = [
  'targets',
  'timeout',
  'owner',
  'project',
  'dist_git_branches',
  'branch',
  'scratch',
  'list_on_homepage',
  'preserve_project',
  'use_internal_tf',
  'additional_packages',
  'additional_repos',
  'bootstrap',
  'fmf_url',
  'fmf_ref',
  'fmf_path',
  'skip_build',
  'env',
  'enable_net',
  'tmt_plan',
  'tf_post_install_script',
  'tf_extra_params',
  'module_hotfixes',
]

/** Older names inside `metadata`. */
export const METADATA_RENAMED: Readonly<Record<string, OptionName>> = {
  'dist-git-branch': 'dist_git_branches',
  dist_git_branch: 'dist_git_branches',
}

/** What to write instead of keys that are gone or were never part of the format. */
export const INSTEAD: Readonly<Record<string, string>> = {
  synced_files: 'use files_to_sync',
  upstream_project_name: 'use upstream_package_name',
  create_tarball_command: 'use actions: {create-archive: …}',
  current_version_command: 'use actions: {get-current-version: …}',
  downstream_project_url: 'it follows from dist_git_base_url, dist_git_namespace and downstream_package_name',
  'dist-git-branch': 'use dist_git_branches',
  dist_git_branch: 'use dist_git_branches',
  spec_template: 'use specfile_path, and the action post-upstream-clone to make the file',
  triggers: 'each job has one key trigger, for example "commit | release"',
}
