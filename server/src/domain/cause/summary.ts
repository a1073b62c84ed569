import type { CauseKind, CauseStep } from './cause.ts'
import type { Line } from './choose-lines.ts'
import { countFailedTests } from './counts.ts'
import type { Hit } from './hits.ts'

/** What a summary is made of. */
export interface Found {
  kind: CauseKind
  section: string | null
  main: Hit | undefined
  hits: readonly Hit[]
  lines: readonly Line[]
}

const MAX_CHARS = 160

/** One sentence for the packager, without a full stop: `%check of host-debian-12-x86_64 failed: 2 tests failed`. */
export function summarize(found: Found, step: CauseStep): string {
  const detail = found.main ? shorten(detailOf(found, found.main, step)) : ''
  return `${subject(found.section, step)} ${outcome(step)}${detail && `: ${detail}`}`
}

/** What a step was doing when a limit ended it only explains the end if it says so itself. */
function detailOf(found: Found, main: Hit, { end }: CauseStep): string {
  const explained = main.rule.kind === found.kind || end === undefined || end === 'finished' || end === 'crashed'
  if (explained) return DETAILS[found.kind](found, main)
  return end === 'canceled' ? '' : `it was at "${readable(main.text)}"`
}

function subject(section: string | null, { kind, name }: CauseStep): string {
  const what = section ?? { srpm: 'The SRPM', build: 'The build', test: 'The test' }[kind]
  return name ? `${what} of ${name}` : what
}

function outcome({ end }: CauseStep): string {
  switch (end) {
    case 'timed-out':
      return 'was stopped because its time was up'
    case 'out-of-memory':
      return 'was stopped because it needed more memory than it may'
    case 'disk-full':
      return 'was stopped because it wrote more to the disk than it may'
    case 'log-limit':
      return 'was stopped because it printed more than it may'
    case 'canceled':
      return 'was cancelled'
    case 'crashed':
      return 'broke off'
    default:
      return 'failed'
  }
}

type Detail = (found: Found, main: Hit) => string

const line: Detail = (_, main) =>
  main.text.startsWith('+ ') ? `the command "${readable(main.text.slice(2))}"` : readable(main.text)
const named =
  (words: (it: string) => string): Detail =>
  (found, main) =>
    main.it ? words(readable(main.it)) : line(found, main)

const DETAILS: Record<CauseKind, Detail> = {
  'missing-build-requires': ({ hits, lines }, main) => {
    const listed = lines.map(({ text }) => /^\s+(\S.*) is needed by \S+$/.exec(text)?.[1] ?? '')
    const wanted = new Set([...listed, ...names(hits, 'missing-build-requires')]).difference(new Set(['']))
    return wanted.size === 0 ? readable(main.text) : `${list([...wanted])} ${wanted.size === 1 ? 'is' : 'are'} missing`
  },
  'prep-patch': ({ lines }, main) => {
    const patch = lines
      .map(({ text }) => /^Patch #?\d+ \(([^)]+)\)|^(?:Applying:|Patch failed at \d+) (.+)/.exec(text))
      .find(Boolean)
    const name = patch?.[1] ?? patch?.[2] ?? main.it
    return name ? `${name} does not apply` : readable(main.text)
  },
  'prep-other': line,
  configure: named((it) => it),
  compiler: line,
  linker: line,
  script: line,
  check: ({ hits }, main) => {
    const count = countFailedTests(hits.filter((hit) => hit.rule.kind === 'check').map((hit) => hit.text))
    return count > 0 ? `${count} ${count === 1 ? 'test' : 'tests'} failed` : readable(main.text)
  },
  install: line,
  'unpackaged-files': ({ lines }) => {
    const files = lines.map(({ text }) => /^\s+(\/\S.*)$/.exec(text)?.[1]).filter((file) => file !== undefined)
    return `installed files are in no package: ${list(files)}`
  },
  'missing-files': ({ hits }, main) => {
    const files = [...names(hits, 'missing-files')].map((file) =>
      readable(file.replace(/^\S*\/BUILDROOT\/[^/]+(?=\/)/, '')),
    )
    return files.length > 0 ? `files of the package were not installed: ${list(files)}` : readable(main.text)
  },
  'time-out': line,
  memory: (_, main) =>
    /\bKilled\b|SIGKILL|137$/.test(main.text)
      ? `a program was killed, most likely for want of memory`
      : readable(main.text),
  disk: line,
  processes: line,
  'log-limit': line,
  canceled: line,
  srpm: line,
  action: line,
  'merge-conflict': line,
  'source-missing': named((it) => `${it} is missing`),
  'macro-undefined': ({ lines }, main) => {
    const macro = main.it ?? lines.map(({ text }) => /^\+ (?:fg )?(%\S+)/.exec(text)?.[1]).find(Boolean)
    return macro ? `the macro ${macro} is not defined` : readable(main.text)
  },
  'missing-program': named((it) => `there is no program ${it}`),
  'network-denied': (_, main) => {
    const host = main.it ?? /(?:https?:\/\/|host=')([\w.-]+)/.exec(main.text)?.[1]
    if (host) return `${host} can't be reached from here`
    return main.text.length > MAX_CHARS ? 'a download needs the network' : readable(main.text)
  },
  'spec-syntax': named((it) => it),
  changelog: line,
  rpmlint: ({ hits }, main) => {
    const count = hits.filter((hit) => hit.rule.kind === 'rpmlint' && hit.it).length
    return count > 0 ? `rpmlint finds ${count} ${count === 1 ? 'error' : 'errors'}` : readable(main.text)
  },
  architecture: line,
  unknown: line,
}

function names(hits: readonly Hit[], kind: CauseKind): Set<string> {
  return new Set(hits.filter((hit) => hit.rule.kind === kind).map((hit) => hit.it ?? '')).difference(new Set(['']))
}

function list(items: readonly string[]): string {
  return items.length > 3 ? `${items.slice(0, 3).join(', ')} and ${items.length - 3} more` : items.join(', ')
}

/** A line without the build's folder and rpm's own `error:`. */
function readable(text: string): string {
  return (
    text
      .trim()
      .replace(/^(?:\*\*\* )?(?:error|ERROR)(?: +\d{4})?: (?=\S)/, '')
      // rpm 4.20 and newer build in BUILD/<name>-<version>-build, and install into BUILDROOT inside it
      .replace(/\S*\/BUILD\/[^/\s]+-build\/(?:BUILDROOT(?=\/)|[^/\s]+\/)/g, '')
      .replace(/\S*\/(?:SOURCES|BUILD(?:ROOT)?\/[^/\s]+)\//g, '')
  )
}

/** At most 160 characters, on one line. */
export function shorten(text: string): string {
  const flat = text.replace(/\s+/g, ' ').trim()
  return flat.length > MAX_CHARS
    ? `${flat
        .slice(0, MAX_CHARS - 1)
        .trimEnd()
        .replace(/[\ud800-\udbff]$/, '')}…`
    : flat
}
