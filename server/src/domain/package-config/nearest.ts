const LONGEST_NAME = 60

/**
 * The name that was probably meant: the nearest of `names` by swapped, missing, added and replaced letters, or undefined
 * when none is near. Case and `-`, `_`, ` ` count as equal.
 */
export function nearest(written: string, names: readonly string[]): string | undefined {
  if (written.length > LONGEST_NAME) return undefined
  const wanted = fold(written)
  let best: string | undefined
  // a third of the letters may be wrong
  let allowed = Math.max(1, Math.floor(wanted.length / 3))
  for (const name of names) {
    const away = distance(wanted, fold(name))
    if (away > allowed || (away === allowed && best !== undefined)) continue
    best = name
    allowed = away
  }
  return best ?? partOf(wanted, names)
}

/** The only name that begins or ends with the word: `specfile` is a part of `specfile_path`. */
function partOf(word: string, names: readonly string[]): string | undefined {
  const wholes = names.filter((name) => fold(name).startsWith(`${word}_`) || fold(name).endsWith(`_${word}`))
  return wholes.length === 1 ? wholes[0] : undefined
}

/** ` (did you mean "…"?)`, or nothing. */
export function didYouMean(written: string, names: readonly string[]): string {
  const name = nearest(written, names)
  return name === undefined ? '' : `; did you mean "${name}"?`
}

function fold(name: string): string {
  return name.toLowerCase().replace(/[-_ ]/g, '_')
}

/** Edits from one word to the other; two neighbours swapped are one edit. */
function distance(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = at(last, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      const swapped = isSwap ? at(beforeLast, j - 2) + 1 : Number.POSITIVE_INFINITY
      row.push(Math.min(at(last, j) + 1, at(row, j - 1) + 1, replaced, swapped))
    }
    beforeLast = last
    last = row
  }
  return at(last, b.length)
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY
}
