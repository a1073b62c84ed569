/** Whatever JSON can hold: free-form values of the configuration are kept as they were written. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
export type JsonMapping = { [key: string]: Json }

export const JOB_TYPES = [
  'propose_downstream',
  'pull_from_upstream',
  'sync_from_downstream',
  'copr_build',
  'upstream_koji_build',
  'koji_build',
  'tests',
  'bodhi_update',
  'vm_image_build',
  'koji_build_tag',
] as const
export type JobType = (typeof JOB_TYPES)[number]

/** What sets a job off; `ignore` never does (a template, or a job that is switched off). */
export const TRIGGERS = ['release', 'pull_request', 'commit', 'koji_build', 'ignore'] as const
export type Trigger = (typeof TRIGGERS)[number]

export const ACTION_NAMES = [
  'run-condition',
  'post-upstream-clone',
  'pre-sync',
  'create-patches',
  'prepare-files',
  'create-archive',
  'get-current-version',
  'fix-spec-file',
  'post-modifications',
  'changelog-entry',
  'commit-message',
] as const
export type ActionName = (typeof ACTION_NAMES)[number]

export const PACKAGE_TOOLS = ['fedpkg', 'fedpkg-stage', 'centpkg', 'centpkg-sig'] as const
export const BOOTSTRAPS = ['default', 'on', 'off', 'image'] as const
export const INSTANCES = ['dev', 'stg', 'prod'] as const

/** What may be said about one target; lists unless noted. */
export interface TargetOptions {
  distros?: string[]
  additional_packages?: string[]
  additional_repos?: string[]
  with_opts?: string[]
  without_opts?: string[]
  /** `name:stream` pairs, separated by commas. */
  additional_modules?: string
}

/** Names of dist-git branches; as a mapping where a branch is also offered to others. */
export type DistGitBranches = string[] | { [branch: string]: { fast_forward_merge_into?: string[] } }

/** One entry of `files_to_sync`, in full. */
export interface SyncedFiles {
  src: string[]
  dest: string
  mkpath: boolean
  delete: boolean
  filters: string[]
}

/** A list of commands, one command as text, or (refused only when it is run) anything else that was written. */
export type Actions = Partial<Record<ActionName, Json>>

/**
 * All settings of one package, in the names and meanings of the configuration file, defaults filled in: plain data.
 * `null` = not set.
 */
export interface PackageOptions {
  // identity, location
  upstream_package_name: string | null
  downstream_package_name: string
  upstream_project_url: string | null
  /** Relative to the first of `paths`. */
  specfile_path: string | null
  /** The first is the package's folder. */
  paths: string[]
  /** The file's own name, for the default of `files_to_sync`. */
  config_file_path: string | null
  upstream_ref: string | null
  pkg_tool: (typeof PACKAGE_TOOLS)[number] | null
  sig: string | null
  /** In force: also where `pkg_tool` decides it. */
  dist_git_base_url: string
  /** In force, as above. */
  dist_git_namespace: string
  issue_repository: string | null

  // versions and tags
  upstream_tag_template: string
  upstream_tag_include: string
  upstream_tag_exclude: string
  version_update_mask: string | null
  version_update_specifiers: string | null
  /** Empty = switched off. */
  prerelease_suffix_pattern: string
  prerelease_suffix_macro: string | null

  // making the SRPM
  actions: Actions
  /** `Source<n>`, or other text as written. */
  spec_source_id: string
  archive_root_dir_template: string
  sources: { path: string; url: string }[]
  srpm_build_deps: string[] | null
  merge_pr_in_ci: boolean
  update_release: boolean
  release_suffix: string | null
  version_suffix: string | null
  preserve_spec: boolean
  /** Null as a value undefines the macro. */
  parse_time_macros: JsonMapping
  patch_generation_ignore_paths: string[]
  patch_generation_patch_id_digits: number

  // syncing to dist-git
  files_to_sync: SyncedFiles[]
  dist_git_branches: DistGitBranches
  create_pr: boolean
  sync_changelog: boolean
  create_sync_note: boolean
  copy_upstream_release_description: boolean
  upload_sources: boolean
  allowed_gpg_keys: string[] | null

  // builds and updates
  targets: { [target: string]: TargetOptions }
  /** A Python regular expression, matched at the start. */
  branch: string | null
  /** Seconds. */
  timeout: number
  owner: string | null
  project: string | null
  list_on_homepage: boolean
  preserve_project: boolean
  module_hotfixes: boolean
  enable_net: boolean
  additional_packages: string[]
  additional_repos: string[]
  bootstrap: (typeof BOOTSTRAPS)[number]
  follow_fedora_branching: boolean
  scratch: boolean
  allowed_pr_authors: string[]
  allowed_builders: string[]
  allowed_committers: string[]
  bodhi_extra_params: JsonMapping
  osh_diff_scan_after_copr_build: boolean
  csmock_args: string | null
  osh_options: { analyzer: string | null; config: string | null; profile: string | null }
  image_distribution: string | null
  copr_chroot: string | null
  image_request: JsonMapping | null
  image_customizations: JsonMapping | null

  // tests
  fmf_url: string | null
  fmf_ref: string | null
  fmf_path: string | null
  tmt_plan: string | null
  tf_post_install_script: string | null
  tf_extra_params: JsonMapping
  env: JsonMapping
  use_internal_tf: boolean
  use_target_repo_for_fmf_url: boolean
  skip_missing_branched_composes: boolean

  // reporting and control
  identifier: string | null
  status_name_template: string | null
  sync_test_job_statuses_with_builds: boolean
  notifications: {
    pull_request: { successful_build: boolean }
    failure_comment: { message: string | null }
    failure_issue: { create: boolean }
  }
  require: { label: { present: string[]; absent: string[] } }
  test_command: { default_labels: string[] | null; default_identifier: string | null }
  packit_instances: (typeof INSTANCES)[number][]
  clone_repos_before_run_condition: boolean
}
export type OptionName = keyof PackageOptions

/** The settings that only a job has. */
export interface JobSettings {
  type: JobType
  /** The file's `trigger`; a job of several triggers has become several jobs. */
  on: Trigger
  skip_build: boolean
  manual_trigger: boolean
  labels: string[]
  sidetag_group: string | null
  dependents: string[]
  dependencies: string[]
}

export interface Job extends JobSettings {
  /** The selected packages, each with all of its settings as this job sees them. */
  packages: { [name: string]: PackageOptions }
}

/** A package configuration, read and normalized. Plain data: JSON keeps all of it. */
export interface PackageConfig {
  packages: { [name: string]: PackageOptions }
  jobs: Job[]
}

/** One job for one package: what a pipeline serves. */
export interface JobView extends JobSettings {
  package: string
  /** Index into `config.jobs`. */
  jobIndex: number
  /** Index among the jobs of this package. */
  index: number
  /** The configured one; where there are several packages and none is configured, the package's name. */
  identifier: string | null
  options: PackageOptions
}

export const ERROR_KINDS = [
  'yaml_syntax',
  'yaml_limit',
  'wrong_type',
  'undefined_package',
  'mixed_metadata',
  'unknown_key',
  'missing_key',
  'null_not_allowed',
  'not_in_choices',
  'unknown_action',
  'unknown_target_option',
  'bad_name',
  'bad_specifier',
  'bad_pattern',
  'out_of_range',
  'specfile_missing',
] as const

/** What never refuses a configuration, yet is worth telling. */
export const WARNING_KINDS = [
  'deprecated',
  'ignored',
  'never_fires',
  'duplicate_identifier',
  'bad_identifier',
  'bad_action',
  'outside_repository',
] as const

export type ErrorKind = (typeof ERROR_KINDS)[number]
export type WarningKind = (typeof WARNING_KINDS)[number]

/** Something to tell about the file, once, where it was written. */
export interface ConfigProblem {
  kind: ErrorKind | WarningKind
  /** The key concerned, without its place. */
  key?: string
  /** The place, for example `jobs[2].targets`; empty for the file as a whole. */
  path: string
  /** Counted from 1. */
  line: number
  /** Counted from 1, in UTF-16 units. */
  column: number
  /** What is wrong and what would be right. */
  message: string
}
