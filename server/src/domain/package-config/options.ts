import { fileName, MAX_NAME, pattern, shortText, versionSpecifiers } from './checked-texts.ts'
import { choice, flag, freeMapping, listOf, orNull, type Reader, text, texts, wholeNumber } from './readers.ts'
import {
  actions,
  DEFAULT_NOTIFICATIONS,
  env,
  notifications,
  oshOptions,
  requirements,
  source,
  sourceId,
  syncedFiles,
  testCommand,
} from './structures.ts'
import { distGitBranches, targets } from './targets.ts'
import { BOOTSTRAPS, INSTANCES, type OptionName, PACKAGE_TOOLS, type PackageOptions } from './types.ts'

/** How one key of a package is read, and what it is where nobody wrote it. */
export interface OptionRule<T> {
  read: Reader<T>
  /** In a job, where it differs. */
  readInJob?: Reader<T>
  fallback: T
}

const isOn: OptionRule<boolean> = { read: flag, fallback: true }
const isOff: OptionRule<boolean> = { read: flag, fallback: false }
const optionalText: OptionRule<string | null> = { read: orNull(text), fallback: null }
const optionalMapping = { read: orNull(freeMapping), fallback: null }
const noMapping = { read: orNull(freeMapping, {}), fallback: {} }
const noTexts = { read: orNull(texts, [] as string[]), fallback: [] as string[] }
const optionalTexts = { read: orNull(texts), fallback: null }
const packitOnly = { read: orNull(texts, ['packit'] as string[]), fallback: ['packit'] as string[] }

const PRERELEASE_PATTERN = String.raw`([.\-_~^]?)(alpha|beta|rc|pre(view)?)([.\-_]?\d+)?`

/**
 * All keys of a package, in the file's names. `orNull` marks those where null means "the default".
 * `dist_git_base_url`, `dist_git_namespace` and `downstream_package_name` are null until `expand.ts` settles them.
 */
export const OPTIONS = {
  upstream_package_name: { read: orNull(fileName), fallback: null },
  downstream_package_name: optionalText,
  upstream_project_url: optionalText,
  specfile_path: optionalText,
  paths: { read: texts, fallback: ['./'] },
  config_file_path: optionalText,
  upstream_ref: optionalText,
  pkg_tool: { read: orNull(choice(PACKAGE_TOOLS)), fallback: null },
  sig: optionalText,
  dist_git_base_url: optionalText,
  dist_git_namespace: optionalText,
  issue_repository: optionalText,

  upstream_tag_template: { read: text, fallback: '{version}' },
  upstream_tag_include: { read: pattern, fallback: '' },
  upstream_tag_exclude: { read: pattern, fallback: '' },
  version_update_mask: { read: orNull(pattern), fallback: null },
  version_update_specifiers: { read: orNull(versionSpecifiers), fallback: null },
  // null switches it off, as an empty text does
  prerelease_suffix_pattern: { read: orNull(pattern, ''), fallback: PRERELEASE_PATTERN },
  prerelease_suffix_macro: optionalText,

  actions: { read: actions, fallback: {} },
  spec_source_id: { read: sourceId, fallback: 'Source0' },
  archive_root_dir_template: { read: text, fallback: '{upstream_pkg_name}-{version}' },
  sources: { read: orNull(listOf(source, 'mappings with path and url'), []), fallback: [] },
  srpm_build_deps: optionalTexts,
  merge_pr_in_ci: isOn,
  update_release: isOn,
  release_suffix: optionalText,
  version_suffix: optionalText,
  preserve_spec: isOff,
  parse_time_macros: noMapping,
  patch_generation_ignore_paths: noTexts,
  patch_generation_patch_id_digits: { read: wholeNumber(0), fallback: 4 },

  files_to_sync: { read: listOf(syncedFiles, 'paths, or of mappings with src and dest'), fallback: [] },
  dist_git_branches: { read: distGitBranches('package'), readInJob: distGitBranches('job'), fallback: [] },
  create_pr: isOn,
  sync_changelog: isOff,
  create_sync_note: isOn,
  copy_upstream_release_description: isOff,
  upload_sources: isOn,
  allowed_gpg_keys: optionalTexts,

  targets: { read: targets('package'), readInJob: targets('job'), fallback: {} },
  branch: { read: orNull(pattern), fallback: null },
  timeout: { read: wholeNumber(), fallback: 7200 },
  owner: optionalText,
  project: optionalText,
  list_on_homepage: isOff,
  preserve_project: isOff,
  module_hotfixes: isOff,
  enable_net: isOff,
  additional_packages: noTexts,
  additional_repos: noTexts,
  bootstrap: { read: orNull(choice(BOOTSTRAPS), 'default'), fallback: 'default' },
  follow_fedora_branching: isOff,
  scratch: isOff,
  allowed_pr_authors: packitOnly,
  allowed_builders: packitOnly,
  allowed_committers: noTexts,
  bodhi_extra_params: noMapping,
  osh_diff_scan_after_copr_build: isOn,
  csmock_args: optionalText,
  osh_options: { read: oshOptions, fallback: { analyzer: null, config: null, profile: null } },
  image_distribution: optionalText,
  copr_chroot: optionalText,
  image_request: optionalMapping,
  image_customizations: optionalMapping,

  fmf_url: optionalText,
  fmf_ref: optionalText,
  fmf_path: optionalText,
  tmt_plan: optionalText,
  tf_post_install_script: optionalText,
  tf_extra_params: noMapping,
  env: { read: orNull(env, {}), fallback: {} },
  use_internal_tf: isOff,
  use_target_repo_for_fmf_url: isOff,
  skip_missing_branched_composes: isOff,

  identifier: { read: orNull(shortText(MAX_NAME)), fallback: null },
  status_name_template: { read: orNull(shortText(500)), fallback: null },
  sync_test_job_statuses_with_builds: isOn,
  notifications: { read: notifications, fallback: DEFAULT_NOTIFICATIONS },
  require: { read: requirements, fallback: { label: { present: [], absent: [] } } },
  test_command: { read: testCommand, fallback: { default_labels: null, default_identifier: null } },
  packit_instances: { read: listOf(choice(INSTANCES), `instances (${INSTANCES.join(', ')})`), fallback: ['prod'] },
  clone_repos_before_run_condition: isOff,
} as const satisfies { [K in OptionName]: OptionRule<WrittenOptions[K]> }

/** The options before what depends on others is settled. */
export type WrittenOptions = Omit<
  PackageOptions,
  'downstream_package_name' | 'dist_git_base_url' | 'dist_git_namespace'
> & {
  downstream_package_name: string | null
  dist_git_base_url: string | null
  dist_git_namespace: string | null
}

/** What was written in one place (the top level, a package, a job, a package of a job). */
export type Layer = Partial<WrittenOptions>

export const OPTION_NAMES = Object.keys(OPTIONS) as OptionName[]

export const DEFAULTS = Object.fromEntries(
  OPTION_NAMES.map((name) => [name, OPTIONS[name].fallback]),
) as unknown as WrittenOptions
