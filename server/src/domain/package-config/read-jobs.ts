import { JOB_KEYS, JOB_SETTING_NAMES, JOB_SETTINGS, jobType, OLD_JOB_TYPES } from './job-keys.ts'
import { EMPTY_LAYER, readLayer, type WrittenLayer } from './layers.ts'
import { liftMetadata } from './metadata.ts'
import { didYouMean } from './nearest.ts'
import { type Problems, placeOf } from './problems.ts'
import { isNull, isText } from './readers.ts'
import { readSelection, type Selection } from './selection.ts'
import { type JobSettings, TRIGGERS, type Trigger } from './types.ts'
import { describe, type MapNode, shorten, type YamlNode } from './yaml/nodes.ts'

/** One job of the file, before its triggers and packages are spread out. */
export interface JobDraft {
  settings: Omit<JobSettings, 'on'>
  triggers: Trigger[]
  layer: WrittenLayer
  selection: Selection
  node: { start: number }
  /** Where the triggers are written. */
  triggerNode: { start: number }
  path: string
  /** Something in the job was refused. */
  isBroken: boolean
}

/** Reads `jobs`; without that key there are three jobs that most projects want. */
export function readJobs(root: MapNode, packages: readonly string[], problems: Problems): JobDraft[] {
  const jobs = root.entries.find(({ key }) => key.type === 'text' && key.text === 'jobs')?.value
  if (jobs === undefined) return defaultJobs(root, packages)
  if (jobs.kind === 'list')
    return jobs.items.flatMap((item, i) => readJob(item, `jobs[${i}]`, packages, problems) ?? [])
  const hint =
    jobs.kind === 'scalar' && isNull(jobs)
      ? 'write [] for no jobs, or leave the key out for the default jobs'
      : 'begin each job with "- "'
  problems.wrongType(jobs, placeOf('', 'jobs'), 'a list of jobs', hint)
  return []
}

function readJob(node: YamlNode, path: string, packages: readonly string[], problems: Problems): JobDraft | undefined {
  if (node.kind !== 'map') {
    problems.error(
      'wrong_type',
      node,
      { path, key: 'jobs' },
      () => `a job must be a mapping such as {job: copr_build, trigger: pull_request}, found ${describe(node)}`,
    )
    return undefined
  }
  const before = problems.errorCount
  // null in one of these keys is as if the key weren't there
  const written = node.entries.filter(({ key, value }) => !(isJobKey(key.text) && isNull(value)))
  const entries = liftMetadata(written, path, problems)
  const valueFor = (name: string) => entries.find(({ key }) => key.type === 'text' && key.text === name)?.value
  const options = entries.filter(({ key }) => key.type !== 'text' || !isJobKey(key.text))
  return {
    settings: readSettings(valueFor, node, path, problems),
    triggers: readTriggers(valueFor('trigger'), node, path, problems),
    layer: readLayer(options, 'job', path, problems),
    selection: readSelection(valueFor('packages'), valueFor('package'), path, packages, problems),
    node,
    triggerNode: valueFor('trigger') ?? node,
    path,
    isBroken: problems.errorCount > before,
  }
}

function isJobKey(name: string): boolean {
  return JOB_KEYS.includes(name)
}

type ValueFor = (name: string) => YamlNode | undefined

function readSettings(valueFor: ValueFor, node: MapNode, path: string, problems: Problems): JobDraft['settings'] {
  const others = JOB_SETTING_NAMES.map((name) => {
    const value = valueFor(name)
    const rule = JOB_SETTINGS[name]
    return [name, (value && rule.read(value, placeOf(path, name), problems)) ?? rule.fallback]
  })
  return {
    type: readType(valueFor('job'), node, path, problems),
    ...(Object.fromEntries(others) as Omit<JobSettings, 'type' | 'on'>),
  }
}

function readType(node: YamlNode | undefined, job: MapNode, path: string, problems: Problems): JobSettings['type'] {
  const place = placeOf(path, 'job')
  if (node === undefined)
    problems.error(
      'missing_key',
      job,
      place,
      'the job needs the key job: what is to be done, for example "job: copr_build"',
    )
  else if (isText(node) && Object.hasOwn(OLD_JOB_TYPES, node.value)) {
    problems.error(
      'not_in_choices',
      node,
      place,
      `there is no job "${node.value}" any more; use ${OLD_JOB_TYPES[node.value]}`,
    )
  } else return jobType(node, place, problems) ?? 'tests'
  return 'tests'
}

/** The triggers of a job: one, or several with `|` between them. */
function readTriggers(node: YamlNode | undefined, job: MapNode, path: string, problems: Problems): Trigger[] {
  const place = placeOf(path, 'trigger')
  if (node === undefined) {
    problems.error(
      'missing_key',
      job,
      place,
      'the job needs the key trigger: when it runs, for example "trigger: pull_request"',
    )
    return []
  }
  if (!isText(node)) {
    const hint = node.kind === 'list' ? 'write several with | between them, for example "commit | release"' : ''
    problems.wrongType(node, place, `one of ${TRIGGERS.join(', ')}`, hint)
    return []
  }
  const parts = node.value.split('|').map((part) => part.trim())
  const known = parts.map((part) => TRIGGERS.find((name) => name === part))
  const unknown = parts.find((_, i) => known[i] === undefined)
  if (unknown !== undefined) {
    const found =
      unknown === '' ? `an empty part in "${shorten(node.value)}"` : `"${shorten(unknown)}"${adviceFor(unknown)}`
    problems.error('not_in_choices', node, place, `trigger must be one of ${TRIGGERS.join(', ')}; found ${found}`)
  }
  return known.filter((trigger) => trigger !== undefined)
}

function adviceFor(trigger: string): string {
  return trigger === 'push' ? '; use commit' : didYouMean(trigger, TRIGGERS)
}

function defaultJobs(root: MapNode, packages: readonly string[]): JobDraft[] {
  const job = (type: JobSettings['type'], on: Trigger, values: WrittenLayer['values']): JobDraft => ({
    settings: { ...unset(), type },
    triggers: [on],
    layer: { ...EMPTY_LAYER, values },
    selection: packages.map((name) => ({ name, layer: EMPTY_LAYER })),
    node: root,
    triggerNode: root,
    path: '',
    isBroken: false,
  })
  return [
    job('copr_build', 'pull_request', { targets: { 'fedora-stable': {} } }),
    job('tests', 'pull_request', { targets: { 'fedora-stable': {} } }),
    job('propose_downstream', 'release', { dist_git_branches: ['fedora-all'] }),
  ]
}

function unset(): Omit<JobSettings, 'type' | 'on'> {
  const settings = JOB_SETTING_NAMES.map((name) => [name, JOB_SETTINGS[name].fallback])
  return Object.fromEntries(settings) as Omit<JobSettings, 'type' | 'on'>
}
