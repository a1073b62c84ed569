/** A line that can't be taken apart; the text says why. */
export class WordsError extends Error {
  override name = 'WordsError'
}

/**
 * Takes a line apart as a shell does: blanks part words, quotes keep them together, a backslash takes the next character
 * as it is. Nothing is expanded: `$`, `*` and the like are letters.
 *
 * @throws {WordsError} when a quote is not closed, or nothing follows a backslash
 */
export function splitWords(line: string): string[] {
  const words: string[] = []
  let word: string | undefined
  let quote = ''
  for (let i = 0; i < line.length; i += 1) {
    const char = line.charAt(i)
    if (char === '\\' && quote !== "'") {
      i += 1
      if (i === line.length) throw new WordsError('nothing follows the backslash at its end')
      // between double quotes a backslash means only what could end or escape something there
      const kept = quote === '"' && !'"\\$`'.includes(line.charAt(i)) ? '\\' : ''
      word = `${word ?? ''}${kept}${line.charAt(i)}`
    } else if (quote !== '') {
      if (char === quote) quote = ''
      else word = `${word ?? ''}${char}`
    } else if (char === '"' || char === "'") {
      quote = char
      word ??= ''
    } else if (/\s/.test(char)) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else word = `${word ?? ''}${char}`
  }
  if (quote !== '') throw new WordsError(`the quote ${quote} is not closed`)
  if (word !== undefined) words.push(word)
  return words
}
