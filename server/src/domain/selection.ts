import type { Plan, PlannedBuild } from './plan.ts'

/** What of a configuration's jobs somebody asked for; what is left out narrows nothing down. Plain data: jobs carry it. */
export interface Selection {
  kinds?: ('build' | 'test')[]
  packages?: string[]
  identifier?: string
  /** At least one of them is a label of the job. */
  labels?: string[]
  /** Chroots. */
  targets?: string[]
  /** Names of checks. */
  checks?: string[]
  /** Jobs that run only when they are asked for (`manual_trigger`) run too. */
  includeManual: boolean
}

/** What a selection looks at in a job. */
export interface Selectable {
  package: string
  identifier: string | null
  labels: readonly string[]
}

/** Whether a selection means a job; the words for why not are the plan's reason for it. */
export function refuseUnselected(job: Selectable, selection: Selection): string | undefined {
  const { packages, identifier, labels } = selection
  if (packages && !packages.includes(job.package)) return `only ${packages.join(', ')} was asked for`
  if (identifier !== undefined && job.identifier !== identifier) return `only ${identifier} was asked for`
  if (labels && !labels.some((label) => job.labels.includes(label)))
    return `only jobs with the label ${labels.join(' or ')} were asked for`
  return undefined
}

/** Of a job's chroots those that are meant. */
export function selectTargets(targets: readonly string[], { targets: wanted }: Selection): string[] {
  return wanted ? targets.filter((target) => wanted.includes(target)) : [...targets]
}

/** Whether a selection leaves anything of an event's jobs out, besides tests. */
export function isPartial({ packages, identifier, labels, targets, checks }: Selection): boolean {
  return [packages, identifier, labels, targets, checks].some((part) => part !== undefined)
}

/**
 * The plan of an event after a further attempt for a part of it: what was not asked for stays as it was planned.
 *
 * @param part  the plan of the further attempt
 */
export function mergePlans(before: Plan | null, part: Plan): Plan {
  if (!before) return part
  // nothing was meant by the selection, or the commit could not be had this time
  if (part.problem) return before
  const builds = before.builds.map((build) => {
    const again = part.builds.find((other) => isSameBuild(build, other))
    if (!again) return build
    const targets = [...new Set([...build.targets, ...again.targets])]
    return { ...build, targets, checks: { ...again.checks, ...build.checks } }
  })
  const added = part.builds.filter((build) => !before.builds.some((other) => isSameBuild(build, other)))
  const jobs = part.jobs.map((job, i) => {
    const known = before.jobs[i]
    if (!known || (job.wanted && !known.wanted)) return job
    return { ...known, targets: [...new Set([...known.targets, ...job.targets])] }
  })
  const summary = before.problem ? part.summary : before.summary
  return { ...before, summary, jobs, builds: [...builds, ...added], problem: null }
}

function isSameBuild(a: PlannedBuild, b: PlannedBuild): boolean {
  return a.package === b.package && a.identifier === b.identifier
}
