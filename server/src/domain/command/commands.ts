/** Where a comment stands. */
export type Place = 'pull_request' | 'issue' | 'commit'

interface OptionSpec {
  flags: readonly [string, ...string[]]
  /** What follows it; null for a switch. */
  value: string | null
  /** May be given more than once. */
  repeats?: boolean
  about: string
}

/** Every option of a command. */
export const OPTIONS = {
  package: { flags: ['--package'], value: '<name>', repeats: true, about: 'only this package' },
  identifier: {
    flags: ['--identifier', '--id', '-i'],
    value: '<identifier>',
    about: 'only the job of this identifier',
  },
  labels: { flags: ['--labels'], value: '<a,b>', about: 'only jobs with one of these labels' },
  targets: { flags: ['--targets'], value: '<chroot,…>', about: 'only these targets' },
  env: { flags: ['--env'], value: '<NAME=value>', repeats: true, about: 'a variable for the tests' },
  branch: { flags: ['--commit'], value: '<branch>', about: 'as a push to this branch; left out: the default branch' },
  release: { flags: ['--release'], value: '<tag>', about: 'as the release of this tag' },
  version: { flags: ['--version'], value: '<version>', about: 'this version; left out: the newest' },
  bugs: { flags: ['--resolve-bug'], value: '<rhbz#1,rhbz#2>', about: 'bugs that the update resolves' },
  prConfig: { flags: ['--with-pr-config'], value: null, about: 'with the configuration of the pull request' },
  allBranches: { flags: ['--all-branches'], value: null, about: 'for all branches' },
} as const satisfies Record<string, OptionSpec>

export type OptionName = keyof typeof OPTIONS

/** Who may: `author` = who may write to the repository, or the author of the pull request; `write` = who may write. */
export type Who = 'anybody' | 'author' | 'write'

export interface CommandSpec {
  /** The first is its name, the others are as good. */
  words: readonly [string, ...string[]]
  on: readonly Place[]
  options: readonly OptionName[]
  /** What stands behind it besides options. */
  operand?: { name: string; most: number; needed: boolean }
  who: Who
  about: string
  /** It runs code of a commit, which therefore has to be approved. */
  runsCode: boolean
  /** It does nothing where nothing runs tests. */
  needsTests?: boolean
  /** Why it does nothing on any installation. */
  unavailable?: string
}

const NO_TESTS = 'no test runner is set up'
const NO_DOWNSTREAM = 'it carries no releases to distributions yet'
const NO_KOJI = 'it is not connected to Koji'

/** Every command that is understood, in the order of help and documentation. */
export const COMMANDS = {
  build: {
    words: ['build', 'copr-build'],
    on: ['pull_request', 'commit'],
    options: ['package', 'identifier', 'labels', 'targets', 'branch', 'release'],
    who: 'author',
    runsCode: true,
    about: 'builds again; also jobs with `manual_trigger`',
  },
  'rebuild-failed': {
    words: ['rebuild-failed', 'retry'],
    on: ['pull_request', 'commit'],
    options: ['package', 'branch', 'release'],
    who: 'author',
    runsCode: true,
    about: 'builds the targets again that failed, broke or were cancelled',
  },
  cancel: {
    words: ['cancel'],
    on: ['pull_request', 'commit'],
    options: ['branch', 'release'],
    who: 'author',
    runsCode: false,
    about: 'cancels what runs',
  },
  approve: {
    words: ['approve'],
    on: ['pull_request'],
    options: [],
    who: 'write',
    runsCode: false,
    about: "lets an outsider's pull request be built, at its newest commit only",
  },
  test: {
    words: ['test'],
    on: ['pull_request', 'commit'],
    options: ['package', 'identifier', 'labels', 'env', 'branch', 'release'],
    operand: { name: '<namespace>/<repository>#<pull request>', most: 10, needed: false },
    who: 'author',
    runsCode: true,
    about:
      'tests again, together with the builds of other pull requests where they are named; builds first what is missing',
    needsTests: true,
  },
  'retest-failed': {
    words: ['retest-failed'],
    on: ['pull_request', 'commit'],
    options: ['package', 'branch', 'release'],
    who: 'author',
    runsCode: true,
    about: 'runs the tests again that failed or broke',
    needsTests: true,
  },
  'upstream-koji-build': {
    words: ['upstream-koji-build'],
    on: ['pull_request'],
    options: ['package'],
    who: 'write',
    runsCode: true,
    about: 'a scratch build in Koji',
    unavailable: NO_KOJI,
  },
  'vm-image-build': {
    words: ['vm-image-build'],
    on: ['pull_request'],
    options: ['package'],
    who: 'write',
    runsCode: true,
    about: 'an image of a virtual machine with the built packages',
    unavailable: 'it makes no images',
  },
  'propose-downstream': {
    words: ['propose-downstream'],
    on: ['issue'],
    options: ['package'],
    who: 'write',
    runsCode: false,
    about: 'proposes the newest release to the distribution',
    unavailable: NO_DOWNSTREAM,
  },
  'pull-from-upstream': {
    words: ['pull-from-upstream'],
    on: ['pull_request'],
    options: ['package', 'version', 'bugs', 'prConfig'],
    who: 'write',
    runsCode: false,
    about: 'proposes a new upstream version to the distribution',
    unavailable: NO_DOWNSTREAM,
  },
  'koji-build': {
    words: ['koji-build'],
    on: ['pull_request', 'issue'],
    options: ['package'],
    who: 'write',
    runsCode: false,
    about: 'builds the branch in Koji, for the distribution',
    unavailable: NO_KOJI,
  },
  'koji-tag': {
    words: ['koji-tag'],
    on: ['pull_request'],
    options: ['package', 'allBranches'],
    who: 'write',
    runsCode: false,
    about: 'tags stable builds into side tags',
    unavailable: NO_KOJI,
  },
  'create-update': {
    words: ['create-update'],
    on: ['pull_request', 'issue'],
    options: ['package'],
    who: 'write',
    runsCode: false,
    about: 'an update in Bodhi',
    unavailable: 'it is not connected to Bodhi',
  },
  'verify-fas': {
    words: ['verify-fas'],
    on: ['issue'],
    options: [],
    operand: { name: '<Fedora account>', most: 1, needed: true },
    who: 'anybody',
    runsCode: false,
    about: 'proves who installed the App',
    unavailable: 'its operator decides who may use it, Fedora accounts are not asked',
  },
  help: {
    words: ['help'],
    on: ['pull_request', 'issue', 'commit'],
    options: [],
    who: 'anybody',
    runsCode: false,
    about: 'tells what can be asked for here',
  },
} as const satisfies Record<string, CommandSpec>

export type CommandName = keyof typeof COMMANDS
export const COMMAND_NAMES = Object.keys(COMMANDS) as CommandName[]

/** A command's entry, with all that an entry may say. */
export const specOf = (name: CommandName): CommandSpec => COMMANDS[name]

/** Why a command does nothing on an installation; undefined when it does what it says. */
export function whyUnavailable(name: CommandName, { runsTests }: { runsTests: boolean }): string | undefined {
  const { unavailable, needsTests } = specOf(name)
  return unavailable ?? (needsTests && !runsTests ? NO_TESTS : undefined)
}

const BY_WORD = new Map(COMMAND_NAMES.flatMap((name) => specOf(name).words.map((word) => [word, name] as const)))

/** Every word that is a command. */
export const COMMAND_WORDS: readonly string[] = [...BY_WORD.keys()]

export function findCommand(word: string): CommandName | undefined {
  return BY_WORD.get(word)
}

/** Options that say what a commit is looked at as: they mean something only there. */
export const OF_COMMITS: readonly OptionName[] = ['branch', 'release']

/**
 * How a command is written: `/packit test [<namespace>/…] [--env <NAME=value>]…`
 *
 * @param on  with the options that mean something there; left out: with all
 */
export function usageOf(name: CommandName, prefix: string, on: Place = 'commit'): string {
  const { words, operand } = specOf(name)
  const options = specOf(name).options.filter((option) => on === 'commit' || !OF_COMMITS.includes(option))
  const operands = operand ? [operand.needed ? operand.name : `[${operand.name}]${operand.most > 1 ? '…' : ''}`] : []
  return [prefix, words[0], ...operands, ...options.map(describeOption)].join(' ')
}

function describeOption(name: OptionName): string {
  const { flags, value, repeats }: OptionSpec = OPTIONS[name]
  return `[${flags[0]}${value === null ? '' : ` ${value}`}]${repeats ? '…' : ''}`
}
