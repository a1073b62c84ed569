import Type from 'typebox'
import type { JobFilter } from '../db/list-filter.ts'
import { Instant, parseInstant } from './instant.ts'
import { toLike } from './like.ts'
import { words } from './models/common.ts'
import { ProjectPath, parseProjectPath } from './project-path.ts'
import { natural } from './query.ts'

/** A name that is compared as a whole. */
const name = (description: string) =>
  Type.Optional(Type.String({ description, pattern: '^[^\\u0000]+$', maxLength: 300 }))

/** Search for projects, the same wherever projects are searched for. */
export const ProjectSearch = Type.String({
  description: 'Search: part of namespace/repo, or a pattern of it (or of repo) with * and ?; the case does not matter',
  pattern: '^[^\\u0000]*$',
  maxLength: 200,
})

/** What every list of jobs can be filtered by. */
const Common = {
  project: Type.Optional(ProjectPath),
  forge: name('Forge: its host name, e.g. github.com'),
  namespace: name('Namespace: the whole of it, e.g. group/subgroup'),
  q: Type.Optional(ProjectSearch),
  pr: Type.Optional(natural('Number of a pull request')),
  branch: name('Branch that was pushed to'),
  release: name('Tag of a release'),
  commit: Type.Optional(
    Type.String({ description: 'Commit: its hash, or the first four digits or more', pattern: '^[0-9a-fA-F]{4,64}$' }),
  ),
  package: name('Package of a configuration with several'),
  since: Type.Optional(Instant('Submitted at this instant or later')),
  until: Type.Optional(Instant('Submitted at this instant or before')),
}

const target = { target: name('Target: a chroot, or a branch of the distribution') }
const identifier = { identifier: name('Identifier of the job in the package configuration') }

/** Filters of one list; `statuses` are the words of its `status`. */
export const filtersOf = {
  withoutStatus: { ...Common, ...target },
  byStatus: <const T extends readonly string[]>(statuses: T) => ({
    ...Common,
    status: Type.Optional(words(statuses, { description: 'Status' })),
  }),
  byTarget: <const T extends readonly string[]>(statuses: T) => ({ ...filtersOf.byStatus(statuses), ...target }),
  byAll: <const T extends readonly string[]>(statuses: T) => ({ ...filtersOf.byTarget(statuses), ...identifier }),
}

/** Filters as a query string has them. */
export interface FilterQuery {
  project?: string
  forge?: string
  namespace?: string
  q?: string
  pr?: number
  branch?: string
  release?: string
  commit?: string
  status?: string
  target?: string
  package?: string
  identifier?: string
  since?: string
  until?: string
  scratch?: string
}

/** All that is given must hold; what contradicts itself finds nothing. */
export function toJobFilter(query: FilterQuery): JobFilter {
  const project = parseProjectPath(query.project)
  const triggers = [
    query.pr === undefined ? undefined : `pr:${query.pr}`,
    query.branch === undefined ? undefined : `branch:${query.branch}`,
    query.release === undefined ? undefined : `release:${query.release}`,
  ].filter((key) => key !== undefined)
  const contradicts = (one: string | undefined, other: string | undefined) =>
    one !== undefined && other !== undefined && one !== other
  return {
    isImpossible:
      triggers.length > 1 ||
      contradicts(project?.forge, query.forge) ||
      contradicts(project?.namespace, query.namespace),
    forge: project?.forge ?? query.forge,
    namespace: project?.namespace ?? query.namespace,
    name: project?.name,
    like: query.q ? toLike(query.q) : undefined,
    trigger: triggers[0],
    commit: query.commit?.toLowerCase(),
    facets: whatIsGiven({
      package: query.package,
      identifier: query.identifier,
      target: query.target,
      status: query.status,
      scratch: query.scratch === undefined ? undefined : query.scratch.toLowerCase() === 'true',
    }),
    since: toSeconds(query.since),
    until: toSeconds(query.until),
  }
}

/** An object without the keys that have no value. */
export function whatIsGiven<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T> as never
}

function toSeconds(text: string | undefined): number | undefined {
  return text === undefined ? undefined : parseInstant(text).getTime() / 1000
}
