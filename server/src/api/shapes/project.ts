import type { LatestRow, ProjectRow, TriggerBuildsRow, TriggerRow } from '../../db/read-projects.ts'
import { type Links, pagePaths } from '../links.ts'
import type { LatestRun, Project, ProjectBranch, ProjectPullRequest, ProjectRelease } from '../models/projects.ts'
import { toState, toStatus } from './status.ts'

export function toProject(row: ProjectRow): Project {
  return {
    namespace: row.namespace,
    repo_name: row.name,
    project_url: row.url,
    prs_handled: row.prsHandled,
    branches_handled: row.branchesHandled,
    releases_handled: row.releasesHandled,
    issues_handled: row.issuesHandled,
    forge: row.forge,
    last_activity_at: row.lastActivityAt,
  }
}

export function toLatestRun(row: LatestRow): LatestRun {
  return {
    merged_run_id: row.runId,
    package: row.package || null,
    state: toState({ state: row.state, status: null }),
    commit: row.commit,
    created_at: row.createdAt,
  }
}

function toBuilds(row: TriggerBuildsRow, links: Links) {
  return {
    builds: row.builds.map((build) => ({
      build_id: build.buildId,
      chroot: build.target,
      status: toStatus(build, build.srpmState),
      web_url: build.webUrl ?? links.base + pagePaths.build(build.id),
    })),
    koji_builds: row.kojiBuilds.map((build) => ({
      task_id: build.taskId,
      chroot: build.target,
      status: build.status,
      web_url: build.webUrl,
    })),
    srpm_builds: row.srpmBuilds.map((build) => ({
      srpm_build_id: build.id,
      status: toStatus(build),
      log_url: links.base + pagePaths.srpm(build.id),
    })),
    tests: row.tests.map((test) => ({
      pipeline_id: test.pipelineId,
      chroot: test.target,
      status: test.status,
      web_url: test.webUrl,
    })),
  }
}

/** @param row  a trigger with a number: the list leaves out those without */
export function toPullRequest(row: TriggerBuildsRow, links: Links): ProjectPullRequest {
  return {
    pr_id: row.number ?? 0,
    ...toBuilds(row, links),
    title: row.title,
    author: row.author,
    url: row.url,
    open: row.open,
    latest: row.latest.map(toLatestRun),
  }
}

export function toBranch(row: TriggerBuildsRow, links: Links): ProjectBranch {
  return { branch: row.name, ...toBuilds(row, links), latest: row.latest.map(toLatestRun) }
}

export function toRelease(row: TriggerRow): ProjectRelease {
  return { tag_name: row.name, commit_hash: row.commitHash, latest: row.latest.map(toLatestRun) }
}
