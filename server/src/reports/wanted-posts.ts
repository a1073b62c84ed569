import type { WantedCheck } from '../db/checks.ts'
import type { Db } from '../db/database.ts'
import type { findEvent } from '../db/events.ts'
import { findLastComment, type NewPost } from '../db/posts.ts'
import type { Run } from '../db/runs.ts'
import { markdownText, plainText } from '../domain/escape.ts'
import type { PackageOptions } from '../domain/package-config/types.ts'
import type { Plan, PlannedBuild } from '../domain/plan.ts'
import { installOf, installText, summaryText } from './check-text.ts'
import type { ReportView } from './target-check.ts'

/** What an ended event may have written as comments. */
export interface EndedEvent {
  found: NonNullable<Awaited<ReturnType<typeof findEvent>>>
  runs: readonly Run[]
  stable: WantedCheck
  view: ReportView
}

const MOST_COMMENT_CHARS = 60_000

/** The comments that the configuration asks for: one for each attempt, and none that repeats the one before it. */
export async function wantedPosts(tx: Db, ended: EndedEvent): Promise<NewPost[]> {
  const { found, stable, view } = ended
  if (view.isSuperseded || !found.event.commitSha) return []
  const body =
    stable.state === 'failure' ? failureComment(ended) : stable.state === 'success' ? successComment(ended) : undefined
  if (!body) return []
  const post = { ...placeOf(ended), kind: 'comment' as const, body }
  if ((await findLastComment(tx, post)) === body) return []
  return [{ ...post, key: `${stable.state}:${found.event.id}:${stable.attempt}` }]
}

/** Where an event's comments go: its pull request, else its commit. */
export function placeOf({ found }: Pick<EndedEvent, 'found'>): Pick<NewPost, 'projectId' | 'place' | 'number' | 'sha'> {
  const { project, trigger, event } = found
  if (trigger.kind === 'pull_request' && trigger.number !== null)
    return { projectId: project.id, place: 'pull_request', number: trigger.number }
  return { projectId: project.id, place: 'commit', sha: event.commitSha ?? '' }
}

/** The messages of the packages that failed; the same one once. */
function failureComment({ found, runs, view }: EndedEvent): string | undefined {
  const messages = runs.flatMap((run) =>
    run.pipelines.flatMap((pipeline) => {
      const failed = run.targets.find((t) => t.groupId === pipeline.buildGroupId && t.state === 'failure')
      if (!failed && run.srpm?.state !== 'failure') return []
      const planned = plannedOf(found.plan, pipeline)
      const message = planned && optionsOf(found.plan, planned)?.notifications.failure_comment.message
      if (!message) return []
      const atSrpm = run.srpm !== undefined && run.srpm.state !== 'success'
      const step = atSrpm ? `srpm/${run.srpm?.id}` : `copr/${failed?.id}`
      const dashboard = view.page(`/jobs/${step}`)
      const build = run.builds.find((b) => b.id === failed?.buildRowId)
      return [
        fillIn(message, {
          commit_sha: found.event.commitSha ?? '',
          packit_dashboard_url: dashboard,
          external_dashboard_url: build?.webUrl ?? dashboard,
          logs_url:
            failed?.logsUrl ?? view.page(`/api/${atSrpm ? 'srpm-builds' : 'copr-builds'}/${step.split('/')[1]}/log`),
        }),
      ]
    }),
  )
  return [...new Set(messages)].join('\n\n').slice(0, MOST_COMMENT_CHARS) || undefined
}

/** What can be installed now, when the configuration wants that to be told. */
function successComment({ found, runs, view }: EndedEvent): string | undefined {
  if (found.trigger.kind !== 'pull_request') return undefined
  const parts = runs.flatMap((run) =>
    run.targets.flatMap((target) => {
      const pipeline = run.pipelines.find((p) => p.buildGroupId === target.groupId)
      const planned = pipeline && plannedOf(found.plan, pipeline)
      if (!planned || !optionsOf(found.plan, planned)?.notifications.pull_request.successful_build) return []
      const text = installText(installOf(run, target, view.page))
      return text ? [`**${markdownText(target.target ?? '')}**`, text] : []
    }),
  )
  if (parts.length === 0) return undefined
  return summaryText([`The packages of ${found.event.commitSha} were built.`, ...parts])
}

function plannedOf(plan: Plan | null, pipeline: Run['pipelines'][number]): PlannedBuild | undefined {
  return plan?.builds.find((b) => b.package === pipeline.package && b.identifier === pipeline.identifier)
}

function optionsOf(plan: Plan | null, build: PlannedBuild): PackageOptions | undefined {
  const packages = plan?.config?.jobs[build.jobIndex]?.packages ?? {}
  return packages[build.package || (Object.keys(packages)[0] ?? '')]
}

/** Fills in a message of the configuration. It is the project's own Markdown, and stays that. */
function fillIn(message: string, values: Record<string, string>): string {
  return plainText(message).replace(/\{(\w+)\}/g, (_, name: string) =>
    Object.hasOwn(values, name) ? (values[name] ?? '') : 'no entry',
  )
}
