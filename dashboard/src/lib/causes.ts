/** As much of a cause as tells two apart. */
export interface Comparable {
  section: string | null
  summary: string
  lines: { text: string }[]
}

export interface CauseGroup<T> {
  key: string
  causes: T[]
}

/** Puts together what failed in the same way in several places, in the order in which they came. */
export function groupCauses<T extends Comparable>(causes: readonly T[]): CauseGroup<T>[] {
  const groups = new Map<string, T[]>()
  for (const cause of causes) {
    const key = JSON.stringify([cause.section, cause.summary, cause.lines.map((line) => line.text)])
    groups.set(key, [...(groups.get(key) ?? []), cause])
  }
  return [...groups].map(([key, members]) => ({ key, causes: members }))
}
