import type { ConfigRow } from '../../db/read-config.ts'
import type { CellRow, GridRow } from '../../db/read-grid.ts'
import type { StatisticsRow } from '../../db/read-statistics.ts'
import { type ConfigNote, readConfigNotes } from '../../domain/config-notes.ts'
import { jobViews } from '../../domain/package-config/views.ts'
import { type Repeated, summarize } from '../../domain/statistics.ts'
import { combineStates } from '../../domain/status.ts'
import { pagePaths } from '../links.ts'
import type { GridEntry, ProjectConfig, ProjectStatistics, StepStatistics } from '../models/project-views.ts'
import { toLatestRun } from './project.ts'
import { toState } from './status.ts'
import { toTrigger } from './trigger.ts'

const KINDS = { pull_request: 'pull_request', branch_push: 'branch', release: 'release' } as const

export function toGridEntry(row: GridRow): GridEntry {
  const latest = row.latest.map(toLatestRun)
  const targets = Object.entries(Object.groupBy(row.cells, ({ target }) => target))
  return {
    kind: KINDS[row.kind],
    pr_id: row.kind === 'pull_request' ? row.number : null,
    branch_name: row.kind === 'branch_push' ? row.name : null,
    release: row.kind === 'release' ? row.name : null,
    title: row.title,
    author: row.author,
    url: row.url,
    open: row.open,
    commit: row.head?.commit ?? null,
    commit_title: row.head?.commitTitle ?? null,
    // a run may be for some targets only: the stable check knows how all of them stand
    state: row.head?.state
      ? toState({ state: row.head.state, status: null })
      : combineStates(latest.map(({ state }) => state)),
    active_at: row.activeAt,
    latest,
    cells: Object.fromEntries(targets.map(([target, cells]) => [target, toCell(cells ?? [])])),
  }
}

/** Several builds of one target stand as all together do; the one to look at is the first that is the reason. */
function toCell(cells: CellRow[]): GridEntry['cells'][string] {
  const state = combineStates(cells.map(toState))
  const shown = cells.find((cell) => toState(cell) === state) ?? (cells[0] as CellRow)
  return {
    state,
    run_id: shown.runId,
    build_id: shown.id,
    page: pagePaths.build(shown.id),
    package: shown.package || null,
    ended_at: shown.endedAt,
    builds: cells.length,
  }
}

export function toStatistics({ srpms, builds, isWhole, since }: StatisticsRow, days: number): ProjectStatistics {
  const targets = Object.entries(Object.groupBy(builds, ({ target }) => target))
  return {
    days,
    since,
    whole: isWhole,
    srpm: toStepStatistics(srpms, pagePaths.srpm),
    targets: targets
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([target, steps]) => ({ target, ...toStepStatistics(steps ?? [], pagePaths.build) })),
  }
}

function toStepStatistics(rows: StatisticsRow['srpms'], page: (id: number) => string): StepStatistics {
  const found = summarize<Repeated>(rows.map((row) => ({ ...row, state: toState(row) })))
  return {
    runs: found.runs,
    success: found.success,
    failure: found.failure,
    error: found.error,
    success_rate: found.successRate,
    median_s: found.medianSeconds,
    p90_s: found.p90Seconds,
    latest: found.latest.map(({ id, state, endedAt }) => ({ id, state, page: page(id), ended_at: endedAt })),
    flaky: found.flakyCommits.length > 0,
    flaky_commits: found.flakyCommits,
  }
}

export function toConfig({ plan, event, ...row }: ConfigRow): ProjectConfig {
  const { problem, configPath } = plan
  // jobs of a plan stand in the order of its configuration's views; an older plan may have none
  const views = plan.config?.jobs && plan.config.packages ? jobViews(plan.config) : []
  const lines = new Map(problem?.lines.map(({ number, text }) => [number, text]))
  const toNote = (note: ConfigNote) => ({ ...note, text: lines.get(note.line ?? 0) ?? null })
  return {
    event_id: row.eventId,
    run_id: row.runId,
    trigger: toTrigger(event),
    commit: event.commit,
    decided_at: row.decidedAt,
    config_path: configPath,
    summary: plan.summary,
    jobs: plan.jobs.map(({ on, ...job }, index) => ({
      ...job,
      trigger: on,
      configured_targets: Object.keys(views[index]?.options.targets ?? {}),
    })),
    errors: problem?.kind === 'config' ? readConfigNotes(configPath, problem.summary).map(toNote) : [],
    warnings: plan.warnings.flatMap((warning) => readConfigNotes(configPath, warning)).map(toNote),
    problem: problem && { kind: problem.kind, title: problem.title, summary: problem.summary },
  }
}
