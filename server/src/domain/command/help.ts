import { markdownText } from '../escape.ts'
import { jobViews } from '../package-config/views.ts'
import type { Plan } from '../plan.ts'
import { markdownCode } from './answers.ts'
import { COMMAND_NAMES, type Place, specOf, usageOf, type Who, whyUnavailable } from './commands.ts'

export interface HelpAsked {
  on: Place
  prefix: string
  /** Whether anything runs tests here. */
  runsTests: boolean
  /** The commit whose configuration is told of; null when none is known. */
  sha: string | null
  /** What of its jobs run here. */
  trigger: 'pull_request' | 'commit' | 'release' | null
  plan: Pick<Plan, 'jobs' | 'config' | 'configPath' | 'problem'> | null
}

const WHO: Record<Who, string> = {
  anybody: 'anybody',
  author: 'who may write to the repository, and the author of the pull request',
  write: 'who may write to the repository',
}

const MOST_JOBS = 20
const MOST_TARGETS = 12

/** What can be asked for at this place of this project, by whom, and what can't be had on this installation. */
export function helpText(asked: HelpAsked): string {
  const here = COMMAND_NAMES.filter((name) => specOf(name).on.includes(asked.on))
  const ready = here.filter((name) => whyUnavailable(name, asked) === undefined)
  const missing = here.filter((name) => !ready.includes(name))
  return [
    '**What can be asked for here**, each in a line of its own:',
    '',
    ...ready.map(
      (name) =>
        `- \`${usageOf(name, asked.prefix, asked.on)}\`: ${specOf(name).about}. For ${whoText(name, asked.on)}.`,
    ),
    '',
    ...describeConfig(asked),
    ...(missing.length > 0
      ? [
          '<details><summary>Understood, but not available on this installation</summary>',
          '',
          ...missing.map((name) => `- \`${asked.prefix} ${specOf(name).words[0]}\`: ${whyUnavailable(name, asked)}`),
          '',
          '</details>',
        ]
      : []),
  ].join('\n')
}

function whoText(name: (typeof COMMAND_NAMES)[number], on: Place): string {
  const { who } = specOf(name)
  return WHO[who === 'author' && on !== 'pull_request' ? 'write' : who]
}

const RUNS_ON = { pull_request: 'pull requests', commit: 'pushes', release: 'releases' }

/** The jobs that run here, as the configuration of the commit was understood. */
function describeConfig({ plan, sha, trigger }: HelpAsked): string[] {
  if (!plan || sha === null) return ['No commit of this is known here yet, so its jobs are not known either.', '']
  const at = `at ${markdownCode(sha.slice(0, 8))}`
  const { config, configPath, problem, jobs } = plan
  if (!config || !configPath)
    return [`**Jobs ${at}**: none. ${markdownText((problem?.summary ?? '').slice(0, 500))}`, '']
  const views = jobViews(config).map((view, i) => ({ view, planned: jobs[i] }))
  const wanted = views.filter(({ view }) => (trigger === null ? view.on !== 'ignore' : view.on === trigger))
  const where = trigger === null ? '' : ` on ${RUNS_ON[trigger]}`
  if (wanted.length === 0) return [`**Jobs ${at}**: ${markdownCode(configPath)} has none that runs${where}.`, '']
  const lines = wanted.slice(0, MOST_JOBS).map(({ view, planned }) => {
    const targets = planned?.targets.length ? planned.targets : Object.keys(view.options.targets)
    const facts = [
      `package ${markdownCode(view.package)}`,
      ...(view.identifier === null ? [] : [`identifier ${markdownCode(view.identifier)}`]),
      ...(view.labels.length > 0 ? [`labels ${list(view.labels)}`] : []),
      ...(targets.length > 0 ? [`targets ${list(targets)}`] : []),
      ...(view.manual_trigger ? ['only when it is asked for'] : []),
    ]
    const refusal = planned && !planned.wanted && !view.manual_trigger ? `: ${markdownText(planned.reason)}` : ''
    return `- \`${view.type}\`, ${facts.join(', ')}${refusal}`
  })
  const left = wanted.length - lines.length
  return [
    `**Jobs ${at}**, as ${markdownCode(configPath)} says${where}:`,
    '',
    ...lines,
    ...(left > 0 ? [`- and ${left} more`] : []),
    '',
  ]
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, MOST_TARGETS).map(markdownCode)
  const left = names.length - shown.length
  return left > 0 ? `${shown.join(' ')} and ${left} more` : shown.join(' ')
}
