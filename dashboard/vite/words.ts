/** Everything in the code that could be a class, an element or an attribute: whatever a style sheet may name. */
export function wordsOf(sources: readonly string[]): ReadonlySet<string> {
  const words = new Set<string>()
  for (const source of sources) {
    for (const [word] of source.matchAll(/[A-Za-z0-9_][\w-]*/g)) words.add(word)
  }
  return words
}
