import type { CauseKind } from '../cause.ts'

/** A form of line that says why something failed. */
export interface Rule {
  kind: CauseKind
  /**
   * How telling such a line is; the line with the greatest weight is the main one. Lines of weight `WEAK` only count where there is no
   * better one.
   */
  weight: number
  /** Must take linear time. A group `it` names what is wrong: the library, the program, the file. */
  pattern: RegExp
  /** Lines before it that belong to it. */
  before?: number
  /** The nearest lines above of these forms belong to it, too. */
  back?: readonly RegExp[]
  /** Lines after it that belong to it: a number of lines, or all that have this form. */
  after?: number | RegExp
  /** Of equally telling lines the last one is the main one; the first if left out. */
  last?: boolean
  /** Matches in these sections only. */
  only?: readonly string[]
}

export const WEAK = 20

type More = Omit<Rule, 'kind' | 'weight' | 'pattern'>

/** A row of a table of rules. */
export function rule(kind: CauseKind, weight: number, pattern: RegExp, more: More = {}): Rule {
  return { kind, weight, pattern, ...more }
}
