/** What set a run off, as far as a name needs it. All keys as in the contract. */
export interface NamedTrigger {
  pr_id?: number | null
  issue_id?: number | null
  branch_name?: string | null
  release?: string | null
  anitya_version?: string | null
  anitya_project_name?: string | null
  repo_namespace?: string | null
  repo_name?: string | null
}

/** `namespace/name`; the name alone where a forge has no namespaces, which the service writes as `-`. */
export function projectName(namespace: string | null | undefined, name: string | null | undefined): string {
  if (!name) return ''
  return namespace && namespace !== '-' ? `${namespace}/${name}` : name
}

/** The part of a trigger after its project: `#12`, ` main`, ` v1.2`; empty when there is none. */
export function triggerSuffix(trigger: NamedTrigger): string {
  if (trigger.pr_id != null) return `#${trigger.pr_id}`
  if (trigger.issue_id != null) return `#${trigger.issue_id}`
  return ''
}

/** Everything that tells triggers apart in one line: `acme/hello#12`, `acme/hello main`, `acme/hello v1.2`. */
export function triggerName(trigger: NamedTrigger | undefined): string {
  if (!trigger) return ''
  const project = projectName(trigger.repo_namespace, trigger.repo_name) || trigger.anitya_project_name || ''
  const suffix = triggerSuffix(trigger)
  if (suffix) return `${project}${suffix}`
  const ref = trigger.branch_name ?? trigger.release ?? trigger.anitya_version
  return ref ? `${project} ${ref}` : project
}

/** What kind of thing set a run off, as a word for people. */
export function triggerKind(trigger: NamedTrigger | undefined): string {
  if (trigger?.pr_id != null) return 'Pull request'
  if (trigger?.issue_id != null) return 'Issue'
  if (trigger?.release || trigger?.anitya_version) return 'Release'
  if (trigger?.branch_name) return 'Push'
  return 'Run'
}

/** As much of a commit as people compare by eye; the whole is in the title and behind the copy button. */
export function shortCommit(sha: string): string {
  return sha.slice(0, 10)
}

/** `name-[epoch:]version-release.arch`, as dnf writes it. */
export function packageName(p: { name: string; epoch: number | null; version: string; release: string; arch: string }) {
  return `${p.name}-${p.epoch ? `${p.epoch}:` : ''}${p.version}-${p.release}.${p.arch}`
}

/** A size as people read it: `512 B`, `34 kB`, `2.1 MB`. */
export function formatSize(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`
  if (bytes < 999_500) return `${Math.round(bytes / 1_000)} kB`
  return `${(bytes / 1_000_000).toFixed(1)} MB`
}
