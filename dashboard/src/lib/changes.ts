import type { IconName, Look } from './state.ts'

interface ChangeLook {
  /** For a table. */
  word: string
  icon: IconName
  color: Look['color']
}

/** What became of a step between two runs, by the word of the API. */
export const CHANGES = {
  'new failure': { word: 'New failure', icon: 'cross-circle', color: 'red' },
  'already failing': { word: 'Already failing', icon: 'triangle', color: 'orange' },
  fixed: { word: 'Fixed', icon: 'check-circle', color: 'green' },
  'still passing': { word: 'Still passing', icon: 'check', color: 'green' },
  new: { word: 'Only in the later', icon: 'info', color: 'blue' },
  gone: { word: 'Only in the earlier', icon: 'double-angle', color: 'grey' },
  'not comparable': { word: 'Not comparable', icon: 'info', color: 'grey' },
} as const satisfies Record<string, ChangeLook>

/** How much longer or shorter something took, in percent; null where a second or a tenth is no news. */
export function slowerPercent(before: number | null, after: number | null): number | null {
  if (before === null || after === null || before <= 0) return null
  const percent = Math.round(((after - before) / before) * 100)
  return Math.abs(after - before) < 1 || Math.abs(percent) < 10 ? null : percent
}
