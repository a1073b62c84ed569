import { compilePattern, PatternError } from '../pattern.ts'

/** Why a regular expression from a configuration can't be used; undefined when it can. The one place that checks them. */
export function patternProblem(source: string): string | undefined {
  try {
    compilePattern(source)
    return undefined
  } catch (error) {
    if (error instanceof PatternError) return `${error.problem} (character ${error.position + 1})`
    throw error
  }
}
