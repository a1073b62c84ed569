import { ConfigError } from '../errors.ts'

/** The packager's pattern is wrong; the message names the place. */
export class PatternError extends ConfigError {
  override name = 'PatternError'
  /** What is wrong. */
  readonly problem: string
  /** Index of the character it is about, from 0. */
  readonly position: number
  constructor(problem: string, source: string, position: number) {
    const shown = source.length > 60 ? `${source.slice(0, 60)}…` : source
    super(`The pattern "${shown}" is wrong at character ${position + 1}: ${problem}.`)
    this.problem = problem
    this.position = position
  }
}
