import type { Run } from '../db/runs.ts'
import type { Cause } from '../domain/cause/cause.ts'
import { markdownBlock, markdownText, plainText } from '../domain/escape.ts'
import { findRemote, installable, installLines, remoteInstallLines, runRepositoryKey } from '../domain/repository.ts'

/*
 * The parts that a check's Markdown is put together from. What strangers wrote (log lines, names, reasons) is shown letter
 * by letter.
 */

/** GitHub counts 65,535 for a summary, in bytes: https://github.com/github/rest-api-description/issues/5399 */
const MOST_SUMMARY_BYTES = 60_000
const MOST_TITLE_CHARS = 200
const MOST_LINE_CHARS = 400
/** Log lines of a cause. */
const MOST_LINES = 10

/** A text as a check's title: one line, which forges show as it is. */
export function titleText(text: string, most = MOST_TITLE_CHARS): string {
  const flat = plainText(text).replace(/\s+/g, ' ').trim()
  return flat.length > most ? `${flat.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…` : flat
}

/** Paragraphs as a summary; what is too long for a forge ends at a paragraph, and says so. */
export function summaryText(parts: readonly (string | null)[]): string {
  const kept: string[] = []
  let bytes = 0
  for (const part of parts) {
    if (!part) continue
    bytes += Buffer.byteLength(`${part}\n\n`)
    if (bytes > MOST_SUMMARY_BYTES) return [...kept, '*The rest is too long to be shown here.*'].join('\n\n')
    kept.push(part)
  }
  return kept.join('\n\n')
}

/** Why a step did not succeed: the sentence, the lines that say it, the way to them in the log. */
export function causeText(cause: Cause, logPage: string): string {
  const lines = cause.lines.slice(0, MOST_LINES)
  const width = String(lines.at(-1)?.number ?? 0).length
  const shown = lines.map(({ number, text }) => `${String(number).padStart(width)}: ${cut(text)}`)
  return [
    `**${markdownText(cause.summary)}**`,
    ...(shown.length > 0 ? [markdownBlock(shown.join('\n'))] : []),
    ...logLink(cause, logPage),
  ].join('\n\n')
}

function logLink({ line, lines }: Cause, logPage: string): string[] {
  const first = line ?? lines[0]?.number
  if (first === undefined) return [`[The log](${logPage})`]
  const last = Math.max(first, lines.at(-1)?.number ?? first)
  return [`[Line ${first} in the log](${logPage}#${first === last ? `L${first}` : `L${first}-L${last}`})`]
}

function cut(text: string): string {
  const flat = plainText(text).replaceAll('\n', ' ')
  return flat.length > MOST_LINE_CHARS ? `${flat.slice(0, MOST_LINE_CHARS)}…` : flat
}

/** How long the steps of a target took, as far as they have ended: `SRPM 12 s, build 4 min 5 s`; null when none has, or nothing was done for it. */
export function durationsText(run: Run, target: Run['targets'][number]): string | null {
  if (target.state === 'skipped') return null
  const steps = [
    { name: 'SRPM', ...timesOf(run.srpm) },
    { name: 'build', ...timesOf(target) },
  ]
  const shown = steps.flatMap(({ name, from, to }) => (from && to ? [`${name} ${durationText(from, to)}`] : []))
  return shown.length > 0 ? `Took: ${shown.join(', ')}.` : null
}

function timesOf(step: { startedAt: Date | null; endedAt: Date | null } | undefined) {
  return { from: step?.startedAt ?? null, to: step?.endedAt ?? null }
}

/** e.g. `42 s`, `3 min 5 s`, `2 h 4 min`. */
export function durationText(from: Date, to: Date): string {
  const seconds = Math.max(0, Math.round((to.getTime() - from.getTime()) / 1000))
  const [large, largeUnit, small, smallUnit] =
    seconds < 3600
      ? [Math.floor(seconds / 60), 'min', seconds % 60, 's']
      : [Math.floor(seconds / 3600), 'h', Math.floor((seconds % 3600) / 60), 'min']
  if (large === 0) return `${small} ${smallUnit}`
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`
}

/** The commands that install what a run has published for a chroot, or will have when all of its targets have ended. */
export function installOf(
  run: Run,
  target: Run['targets'][number],
  page: (path: string) => string,
  { isEarly = false } = {},
): string[] {
  const pipeline = run.pipelines.find((p) => p.buildGroupId === target.groupId)
  const name = pipeline?.repositoryName
  if (!name || !(isEarly || pipeline.publishedAt) || target.state !== 'success' || !target.target) return []
  const packages = installable(target.builtPackages ?? [])
  const build = run.builds.find(({ id }) => id === target.buildRowId)
  const remote = build && findRemote(build)
  if (remote) return remoteInstallLines(remote, target.target, packages)
  const names = [...new Set(packages.map((built) => built.name))]
  return installLines(page(`/${runRepositoryKey(name, run.id, target.target)}/${name}.repo`), names)
}

/** The same as a part of a summary. */
export function installText(lines: readonly string[], when = ''): string | null {
  if (lines.length === 0) return null
  return [`Install what was built${when} (for testing only):`, markdownBlock(lines.join('\n'))].join('\n\n')
}
