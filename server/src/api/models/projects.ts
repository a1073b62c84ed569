import Type, { type Static } from 'typebox'
import { instant, instantOrNull, ref, State, text, textOrNull, whole } from './common.ts'

export const Project = Type.Object(
  {
    namespace: text(),
    repo_name: text(),
    project_url: text(),
    prs_handled: whole(),
    branches_handled: whole(),
    releases_handled: whole(),
    issues_handled: whole(),
    forge: text('Host name of the forge, e.g. github.com'),
    last_activity_at: instantOrNull(),
  },
  { $id: 'Project' },
)
export type Project = Static<typeof Project>

export const LatestRun = Type.Object(
  {
    merged_run_id: whole(),
    package: textOrNull(),
    state: ref(State),
    commit: textOrNull('SHA'),
    created_at: instant(),
  },
  { $id: 'LatestRun', description: 'The newest run of one package.' },
)
export type LatestRun = Static<typeof LatestRun>

const builds = {
  builds: Type.Array(
    Type.Object({ build_id: textOrNull(), chroot: textOrNull(), status: textOrNull(), web_url: textOrNull() }),
    { description: 'RPM builds, one entry per chroot; the newest 1,000' },
  ),
  koji_builds: Type.Array(
    Type.Object({ task_id: textOrNull(), chroot: textOrNull(), status: textOrNull(), web_url: textOrNull() }),
  ),
  srpm_builds: Type.Array(Type.Object({ srpm_build_id: whole(), status: textOrNull(), log_url: text() })),
  tests: Type.Array(
    Type.Object({ pipeline_id: textOrNull(), chroot: textOrNull(), status: textOrNull(), web_url: textOrNull() }),
  ),
}

export const ProjectPullRequest = Type.Object(
  {
    pr_id: whole(),
    ...builds,
    title: textOrNull(),
    author: textOrNull(),
    url: textOrNull(),
    open: Type.Boolean(),
    latest: Type.Array(ref(LatestRun)),
  },
  { $id: 'ProjectPullRequest' },
)
export type ProjectPullRequest = Static<typeof ProjectPullRequest>

export const ProjectBranch = Type.Object(
  { branch: textOrNull(), ...builds, latest: Type.Array(ref(LatestRun)) },
  { $id: 'ProjectBranch' },
)
export type ProjectBranch = Static<typeof ProjectBranch>

export const ProjectRelease = Type.Object(
  { tag_name: textOrNull(), commit_hash: textOrNull(), latest: Type.Array(ref(LatestRun)) },
  { $id: 'ProjectRelease' },
)
export type ProjectRelease = Static<typeof ProjectRelease>

export const projectModels = [Project, LatestRun, ProjectPullRequest, ProjectBranch, ProjectRelease]
