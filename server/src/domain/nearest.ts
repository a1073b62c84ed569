/** Longer names are no typing errors; comparing them would only cost time. */
const MAX_CHARS = 100

/**
 * The names most like one that isn't known, for "did you mean".
 *
 * @returns at most `count`, the nearest first; none that differs in more than a third of the letters (two, for short names)
 */
export function nearest(name: string, known: Iterable<string>, count = 3): string[] {
  if (name.length > MAX_CHARS) return []
  const most = Math.max(2, Math.floor(name.length / 3))
  const distances = Array.from(new Set(known), (other) => ({
    other,
    far: distance(name.toLowerCase(), other.toLowerCase()),
  }))
  const near = distances
    .filter(({ far }) => far <= most)
    .toSorted((a, b) => a.far - b.far || numberGap(name, a.other) - numberGap(name, b.other))
  return near.slice(0, count).map(({ other }) => other)
}

/** How far the first numbers of two names are apart: to `fedora-47`, `fedora-46` is nearer than `fedora-17`. */
function numberGap(a: string, b: string): number {
  const [first, second] = [a, b].map((name) => /\d+/.exec(name)?.[0])
  return first === undefined || second === undefined
    ? Number.MAX_SAFE_INTEGER
    : Math.abs(Number(first) - Number(second))
}

/** Letters to add, leave out, change or swap with the next one (optimal string alignment). */
export function distance(a: string, b: string): number {
  let before: number[] = []
  let above = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const changed = at(above, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? at(before, j - 2) + 1 : Number.POSITIVE_INFINITY
      row.push(Math.min(changed, swapped, at(above, j) + 1, at(row, j - 1) + 1))
    }
    before = above
    above = row
  }
  return at(above, b.length)
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY
}
