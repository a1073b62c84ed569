import { createContext, Script } from 'node:vm'
import { ConfigError } from './errors.ts'
import { parsePattern } from './pattern/parse.ts'
import { PatternError } from './pattern/pattern-error.ts'

export { PatternError } from './pattern/pattern-error.ts'

/** Longer patterns are refused. */
export const MAX_PATTERN_CHARS = 1000
/** Longer texts are refused: no branch, tag or title is. */
export const MAX_TEXT_CHARS = 10_000
/** A match that takes longer is given up. */
export const MATCH_LIMIT_MS = 100
/** How often a match is tried whose time went to something else. */
const MAX_TRIES = 20

/** Matching took too long: the pattern tries too many ways. */
export class PatternTimeout extends ConfigError {
  override name = 'PatternTimeout'
  readonly source: string
  constructor(source: string) {
    super(
      `The pattern "${source}" takes more than ${MATCH_LIMIT_MS} ms to match. Repeat no group that repeats something itself, as in "(a+)+".`,
    )
    this.source = source
  }
}

/** A pattern of a package configuration, in the syntax of Python's `re`. */
export interface Pattern {
  readonly source: string
  /** Throws `PatternTimeout`, and `ConfigError` for a text of more than 10,000 characters. */
  test(text: string): boolean
  /** The match with its groups; null if there is none. Throws as `test` does. */
  exec(text: string): RegExpExecArray | null
}

/**
 * Checks a pattern in Python's syntax and makes it usable.
 *
 * @param anchor  where it has to match: from the `start` of the text as Python's `re.match`, the `full` text as `re.fullmatch`, or
 *                anywhere if left out
 * @throws {PatternError} when it is too long, wrong, or uses what can't be had here (atomic groups, possessive repeats, conditions)
 *
 * Different from Python: a reference to a group that has not matched matches nothing instead of failing.
 */
export function compilePattern(source: string, { anchor }: { anchor?: 'start' | 'full' } = {}): Pattern {
  if (source.length > MAX_PATTERN_CHARS) {
    throw new PatternError(
      `it has ${source.length} characters, at most ${MAX_PATTERN_CHARS} are allowed`,
      source,
      MAX_PATTERN_CHARS,
    )
  }
  const { js, ignoreCase } = parsePattern(source)
  const whole = anchor === 'full' ? `(?:${js})(?![\\s\\S])` : js
  const expression = toRegExp(whole, `${ignoreCase ? 'i' : ''}${anchor ? 'y' : ''}v`, source)
  const exec = (text: string) => match(expression, text, source)
  return { source, exec, test: (text) => exec(text) !== null }
}

function toRegExp(js: string, flags: string, source: string): RegExp {
  try {
    return new RegExp(js, flags)
  } catch (error) {
    throw new PatternError(error instanceof Error ? error.message : String(error), source, 0)
  }
}

const context = createContext({ expression: /^/, text: '' })
const script = new Script('expression.lastIndex = 0; expression.exec(text)')

/** V8 looks for the end of its time inside of a match, too: a timer of ours would never come to its turn. */
function match(expression: RegExp, text: string, source: string): RegExpExecArray | null {
  if (text.length > MAX_TEXT_CHARS) {
    throw new ConfigError(
      `A text of ${text.length} characters is too long for the pattern "${source}"; at most ${MAX_TEXT_CHARS} are allowed.`,
    )
  }
  Object.assign(context, { expression, text })
  try {
    return runInTime(source)
  } finally {
    Object.assign(context, { text: '' })
  }
}

/** V8's limit is one of the clock: on a machine that stood still meanwhile, the pattern is not to blame and tries again. */
function runInTime(source: string): RegExpExecArray | null {
  for (let tries = 1; ; tries += 1) {
    const before = process.threadCpuUsage()
    try {
      return script.runInContext(context, { timeout: MATCH_LIMIT_MS }) as RegExpExecArray | null
    } catch (error) {
      // errors of another context are no instances of our Error
      if ((error as { code?: unknown }).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') {
        throw new PatternError('it is too large', source, 0)
      }
      const { user, system } = process.threadCpuUsage(before)
      const isBusy = (user + system) / 1000 >= MATCH_LIMIT_MS / 2
      if (isBusy || tries >= MAX_TRIES) throw new PatternTimeout(source)
    }
  }
}
