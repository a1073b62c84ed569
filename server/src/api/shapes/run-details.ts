import type { RunDetailsRow } from '../../db/read-run-details.ts'
import type { RunRow } from '../../db/read-runs.ts'
import type { QueueEstimate } from '../../domain/queue-estimate.ts'
import { findRemote, remotePage, runRepositoryKey } from '../../domain/repository.ts'
import { countText } from '../../domain/test-result.ts'
import type { Expectations } from '../expectations.ts'
import { type Links, pagePaths } from '../links.ts'
import type { Cause } from '../models/common.ts'
import type { Run } from '../models/runs.ts'
import { toCause } from './build.ts'
import { type Published, repoFileUrl, toInstallLines } from './repository.ts'
import { toRunEntry } from './run.ts'
import { toSteps } from './run-steps.ts'
import { toState } from './status.ts'

/**
 * A run with everything its page shows.
 *
 * @param expected  when it may begin and end, while it or its tests wait
 */
export function toRun(
  row: RunRow,
  details: RunDetailsRow,
  { links, expected, now }: { links: Links; expected: Expectations; now: Date },
): Run {
  const { event } = details
  const published = findPublished(row, details)
  return {
    ...toRunEntry(row),
    event_id: row.eventId,
    attempt: row.attempt,
    cause_of_run: row.cause,
    forge: row.event?.forge ?? null,
    base: event && (event.baseRef || event.baseSha) ? { ref: event.baseRef, sha: event.baseSha } : null,
    head: event && (event.headRef || event.headRepo) ? { ref: event.headRef, repository_url: event.headRepo } : null,
    trigger_url: row.event?.url ?? null,
    superseded_by: event?.supersededBy ?? null,
    decision: toDecision(details),
    steps: toSteps(row, details, { links, expected: expected.tests, now }),
    causes: toCauses(details),
    checks: details.checks.map(toCheck),
    install: toInstallLines(published, links),
    install_note: published.length > 0 ? toInstallNote(published, links) : null,
    repository: toRepository(details, published, links),
    expired_at: toExpiry(details),
    queue: expected.run ? toQueue(details, expected.run) : null,
    siblings: details.siblings.map((sibling) => ({
      merged_run_id: sibling.id,
      package: sibling.package || null,
      state: toState({ state: sibling.state, status: null }),
    })),
  }
}

/** What a forge shows of a check, beside what it shall show. */
function toCheck(check: RunDetailsRow['checks'][number]): Run['checks'][number] {
  const { name, title, summary, link, attempt } = check
  return {
    name,
    state: toState({ state: check.state, status: null }),
    title,
    summary,
    link,
    attempt,
    shown_at: check.shownAt,
    shown_state: check.shownState === null ? null : toState({ state: check.shownState, status: null }),
    is_shown: check.isShown,
    forge_id: check.forgeId,
    is_status: check.isStatus,
    // without a reason it is only not its turn yet
    waits_until: check.waitsFor === null ? null : check.waitsUntil,
    waits_for: check.waitsFor,
  }
}

function toDecision({ event }: RunDetailsRow): Run['decision'] {
  const plan = event?.plan
  if (!plan) return { summary: 'What was decided is not kept.', jobs: [], warnings: [], config_path: null }
  return {
    summary: plan.summary,
    jobs: plan.jobs.map(({ on, ...job }) => ({ ...job, trigger: on })),
    warnings: plan.warnings,
    config_path: plan.configPath,
  }
}

/** Why the run did not succeed: what ended it before any job, then the SRPM, then each chroot. */
function toCauses({ event, srpm, builds, tests }: RunDetailsRow): Cause[] {
  const problem = event?.plan?.problem
  const decision: Cause[] = problem
    ? [
        {
          step: 'decision',
          id: null,
          target: null,
          kind: problem.kind,
          section: null,
          summary: problem.summary,
          line: problem.lines[0]?.number ?? null,
          lines: problem.lines,
          page: null,
        },
      ]
    : []
  const ofSrpm = srpm?.cause
    ? [toCause(srpm.cause, { step: 'srpm', id: srpm.id, target: null, page: pagePaths.srpm(srpm.id) })]
    : []
  const ofBuilds = builds.flatMap(({ cause, id, target }) =>
    cause ? [toCause(cause, { step: 'build', id, target, page: pagePaths.build(id) })] : [],
  )
  return [...decision, ...ofSrpm, ...ofBuilds, ...tests.flatMap(toTestCause)]
}

/** What each of them said stands with the step. */
function toTestCause(row: RunDetailsRow['tests'][number]): Cause[] {
  const { id, target, reason, summary } = row
  const state = toState(row)
  if (state !== 'failure' && state !== 'error') return []
  const names = (summary?.worst ?? []).slice(0, 3).map(({ name }) => name)
  const more = (summary?.failed ?? 0) - names.length
  const named = names.length > 0 ? `: ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}` : ''
  const said =
    state === 'failure'
      ? (countText(summary) ?? reason ?? 'tests failed') + named
      : (reason ?? 'the tests could not be run')
  const of = { step: 'test' as const, id, target, page: pagePaths.test(id) }
  return [
    { ...of, kind: state === 'failure' ? 'tests' : 'test-runner', section: null, summary: said, line: null, lines: [] },
  ]
}

/** The repositories of the run: one for each chroot that was built. */
function findPublished(row: RunRow, { pipelines, builds }: RunDetailsRow): Published[] {
  return pipelines.flatMap(({ repositoryName, publishedAt, expiredAt, buildGroupId, ...build }) => {
    if (repositoryName === null || publishedAt === null || expiredAt !== null) return []
    const remote = findRemote(build)
    return builds
      .filter((target) => target.groupId === buildGroupId && target.target !== null && toState(target) === 'success')
      .map((target) => ({
        name: repositoryName,
        runId: row.id,
        chroot: target.target ?? '',
        packages: target.packages ?? [],
        remote,
      }))
  })
}

function toInstallNote(published: readonly Published[], links: Links): string {
  if (published.every(({ remote }) => remote !== null)) return 'Copr keeps these packages, and signs them.'
  const unsigned = 'The packages are not signed (gpgcheck=0).'
  return links.isPublic ? unsigned : `Only this machine can use these lines: PACKIT_PUBLIC_URL is not set. ${unsigned}`
}

function toRepository({ pipelines }: RunDetailsRow, published: Published[], links: Links): Run['repository'] {
  const [first] = published
  if (!first) return null
  const pipeline = pipelines.find((one) => one.repositoryName === first.name && one.publishedAt !== null)
  const folder = published.length === 1 ? first.chroot : ''
  const { remote } = first
  return {
    name: remote ? `${remote.owner}/${remote.project}` : first.name,
    url: remote ? remotePage(remote) : `${links.base}/${runRepositoryKey(first.name, first.runId, folder)}`,
    repo_file: published.length === 1 ? repoFileUrl(first, links) : null,
    published_at: pipeline?.publishedAt ?? null,
  }
}

/** When packages of the run were removed again; null as long as all of them are there. */
function toExpiry({ pipelines }: RunDetailsRow): number | null {
  const all = pipelines.map(({ expiredAt }) => expiredAt).filter((at) => at !== null)
  return all.length > 0 ? Math.max(...all) : null
}

function toQueue({ ahead }: RunDetailsRow, { expectedStart, expectedEnd }: QueueEstimate): Run['queue'] {
  return { position: ahead + 1, expected_start: expectedStart, expected_end: expectedEnd }
}
