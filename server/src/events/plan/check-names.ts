import { createHash } from 'node:crypto'
import { SUMMARY_CHECK } from '../../domain/check.ts'
import type { JobView } from '../../domain/package-config/types.ts'
import type { PlanContext, PlannedKind } from './context.ts'

/** What forges take: GitHub and GitLab keep 255 characters of a name. */
const MOST_BYTES = 255
const JOB_NAMES = { build: 'rpm-build', test: 'testing-farm' } as const

/**
 * The name of the check of one target: `rpm-build[:<branch or tag>]:<chroot>[:<identifier>]`, `testing-farm…` for tests, or
 * what the configuration's `status_name_template` makes of it. A template that can't be filled in is left aside.
 */
export function checkName(
  view: JobView,
  kind: PlannedKind,
  target: string,
  context: Pick<PlanContext, 'on' | 'label'>,
): string {
  const jobName = JOB_NAMES[kind]
  const event = context.on === 'pull_request' ? '' : context.label.replaceAll(':', '-')
  const identifier = view.identifier ?? ''
  const byDefault = [jobName, event, target, identifier].filter(Boolean).join(':')
  const template = view.options.status_name_template
  if (!template) return byDefault
  return fillIn(template, { job_name: jobName, chroot: target, event, identifier, package: view.package }) ?? byDefault
}

/** Replaces `{name}`, `{{` and `}}`; `undefined` when the template names something unknown or is malformed. */
function fillIn(template: string, values: Record<string, string>): string | undefined {
  let failed = false
  const text = template.replace(/\{\{|\}\}|\{([^{}]*)\}|[{}]/g, (part, name: string | undefined) => {
    if (part === '{{') return '{'
    if (part === '}}') return '}'
    const value = name !== undefined && Object.hasOwn(values, name) ? values[name] : undefined
    if (value === undefined) failed = true
    return value ?? ''
  })
  return failed || text.trim() === '' ? undefined : text
}

/** Names of one plan: each is given to one check alone. */
export interface CheckNames {
  /**
   * A name that forges take.
   *
   * @param owner  what the check is of; asked again it has the same name
   * @param apart  what may be put behind a name that is taken, the best first
   */
  give(owner: string, name: string, apart: readonly string[]): { name: string; isChanged: boolean }
}

export function createCheckNames(): CheckNames {
  const given = new Map<string, string>()
  const taken = new Set<string>([SUMMARY_CHECK])
  const numbers = new Map<string, number>()
  return {
    give(owner, wanted, apart) {
      const known = given.get(owner)
      if (known !== undefined) return { name: known, isChanged: false }
      const first = shorten(wanted)
      const name = taken.has(first) ? findFree(wanted, apart, taken, numbers) : first
      given.set(owner, name)
      taken.add(name)
      return { name, isChanged: name !== first }
    },
  }
}

function findFree(
  wanted: string,
  apart: readonly string[],
  taken: ReadonlySet<string>,
  numbers: Map<string, number>,
): string {
  const parts = wanted.split(':')
  const free = apart
    .filter((part) => part !== '' && !parts.includes(part))
    .map((part) => shorten(`${wanted}:${part}`))
    .find((name) => !taken.has(name))
  if (free !== undefined) return free
  let number = numbers.get(wanted) ?? 2
  while (taken.has(shorten(`${wanted}:${number}`))) number += 1
  numbers.set(wanted, number)
  return shorten(`${wanted}:${number}`)
}

/** In one line; of what is too long the beginning, and a hash of the whole. */
function shorten(name: string): string {
  const line = name.replace(/\p{Cc}+/gu, ' ').trim()
  if (Buffer.byteLength(line) <= MOST_BYTES) return line
  const hash = createHash('sha256').update(line).digest('hex').slice(0, 12)
  let bytes = 0
  let start = ''
  for (const char of line) {
    bytes += Buffer.byteLength(char)
    if (bytes > MOST_BYTES - hash.length - 1) break
    start += char
  }
  return `${start}~${hash}`
}
