/**
 * The commands of an action, each as a list of words. A text is split as a shell would split words, without expanding
 * anything; an inner list is taken as it is.
 *
 * @throws {TypeError} for anything else, saying what was expected
 * @throws {SyntaxError} for a quote that isn't closed
 */
export function actionCommands(value: unknown): string[][] {
  if (typeof value === 'string') return [splitWords(value)]
  if (!Array.isArray(value)) throw wrongType(value)
  return value.map((command: unknown) => {
    if (typeof command === 'string') return splitWords(command)
    if (Array.isArray(command) && command.every((word) => typeof word === 'string')) return command
    throw wrongType(command)
  })
}

function wrongType(value: unknown): TypeError {
  const found = value === null ? 'null' : Array.isArray(value) ? 'a list' : typeof value
  return new TypeError(`expected a command as text, a list of commands, or a list of words; found ${found}`)
}

const WORD_PART = /\\([\s\S])|'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"|(\s+)|(["'\\])|([^\s'"\\]+)/g

function splitWords(command: string): string[] {
  const words: string[] = []
  let word: string | undefined
  for (const [, escaped, single, double, blank, stray, plain] of command.matchAll(WORD_PART)) {
    if (stray)
      throw new SyntaxError(
        `a ${stray === '\\' ? 'backslash at the end' : `quote (${stray}) isn't closed`}: ${command}`,
      )
    if (blank) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else {
      word = (word ?? '') + (escaped ?? single ?? double?.replace(/\\(["\\])/g, '$1') ?? plain ?? '')
    }
  }
  if (word !== undefined) words.push(word)
  return words
}

/** A command as it is shown in a log: words with blanks or signs of a shell in quotes. */
export function showCommand(words: readonly string[]): string {
  return words.map((word) => (/^[\w@%+=:,./~^-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(' ')
}
