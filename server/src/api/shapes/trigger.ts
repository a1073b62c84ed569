import type { EventRow } from '../../db/read-event.ts'
import type { Trigger } from '../models/common.ts'

/** What set a job off; empty when the event, its trigger or its project is not known any more. */
export function toTrigger(event: EventRow | null): Trigger {
  if (!event?.kind) return {}
  return {
    ...toProjectInfo(event),
    pr_id: event.kind === 'pull_request' ? event.number : null,
    issue_id: event.kind === 'issue' ? event.number : null,
    branch_name: toBranch(event),
    release: event.kind === 'release' ? event.name : null,
    anitya_version: toVersion(event),
  }
}

function toProjectInfo(event: EventRow) {
  const isAnitya = event.anityaId !== null
  return {
    repo_namespace: event.namespace,
    repo_name: event.repo,
    project_url: isAnitya ? `https://release-monitoring.org/project/${event.anityaId}` : event.projectUrl,
    anitya_project_id: event.anityaId,
    anitya_project_name: event.anityaName,
    anitya_package: event.anityaPackage,
    non_git_upstream: isAnitya,
  }
}

function toBranch(event: EventRow): string | null {
  if (event.kind === 'branch_push') return event.name
  return event.kind === 'koji_build_tag' ? event.target : null
}

function toVersion(event: EventRow): string | null {
  if (event.kind === 'anitya_version') return event.name
  return event.kind === 'anitya_multiple_versions' ? (event.versions ?? []).join(';') : null
}
