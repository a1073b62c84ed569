import type { IconName } from './state.ts'

/** What a test may say. */
export type TestWord = 'passed' | 'failed' | 'error' | 'skipped' | 'not-run' | 'info'

interface ResultLook {
  word: string
  icon: IconName
  /** The label's modifier in PatternFly. */
  color: '' | 'pf-m-green' | 'pf-m-red' | 'pf-m-orange' | 'pf-m-purple' | 'pf-m-blue'
}

/** The same icons, words and colours as those of states, where there is one. */
export const RESULT_LOOKS: Record<TestWord, ResultLook> = {
  passed: { word: 'Passed', icon: 'check-circle', color: 'pf-m-green' },
  failed: { word: 'Failed', icon: 'cross-circle', color: 'pf-m-red' },
  error: { word: 'Broke', icon: 'triangle', color: 'pf-m-orange' },
  skipped: { word: 'Skipped', icon: 'double-angle', color: 'pf-m-purple' },
  'not-run': { word: 'Not run', icon: 'hourglass', color: '' },
  info: { word: 'Remark', icon: 'info', color: 'pf-m-blue' },
}

export const isBad = ({ result }: { result: TestWord }): boolean => result === 'failed' || result === 'error'

/** `2 of 14 tests failed`, `14 tests passed`. */
export function countText({ total, failed }: { total: number; failed: number }): string {
  const tests = `${total} ${total === 1 ? 'test' : 'tests'}`
  return failed > 0 ? `${failed} of ${tests} failed` : `${tests} passed`
}

/** Where something was found: `hello.spec:12`. */
export function placeText(place: { path: string; line: number | null }): string {
  return place.line === null ? place.path : `${place.path}:${place.line}`
}

/** What failed stands first, the rest in the order in which it ran. */
export function inOrder<T extends { result: TestWord }>(results: readonly T[]): T[] {
  return [...results.filter(isBad), ...results.filter((one) => !isBad(one))]
}
