import type { YAMLParseError } from 'yaml'

/** What is wrong with the text at the place of a parser's error, and what usually mends it. */
export function explainSyntax(error: Pick<YAMLParseError, 'code' | 'message' | 'pos'>, text: string): string {
  if (error.code === 'MULTIPLE_DOCS')
    return 'the file has several documents; keep one, and take out the line --- (or ...) between them'
  const unclosed = /end with a ([\]}])$/.exec(error.message)?.[1]
  if (unclosed) return `a bracket is never closed: "${unclosed}" is missing here or above`
  const hint = hintFor(error, text)
  const said = `${error.message.charAt(0).toLowerCase()}${error.message.slice(1)}`.slice(0, 200)
  return hint ? `${said}; ${hint}` : said
}

function hintFor(
  { code, message, pos }: Pick<YAMLParseError, 'code' | 'message' | 'pos'>,
  text: string,
): string | undefined {
  if (text.slice(lineStart(text, pos[0]), pos[1]).includes('\t')) return 'indent with spaces, not tabs'
  switch (code) {
    case 'BLOCK_AS_IMPLICIT_KEY':
      return 'put a value that contains ": " in quotes, or begin a new line'
    case 'BAD_SCALAR_START':
      return 'put the value in quotes'
    case 'BAD_INDENT':
    case 'BAD_COLLECTION_TYPE':
      return 'check the indentation: entries of one list or mapping begin in the same column'
    case 'MISSING_CHAR':
      return /quote/.test(message) ? 'close the quote' : hintForMissing(message)
    case 'UNEXPECTED_TOKEN':
      return 'check the indentation and quotes here and in the line above'
    case 'RESOURCE_EXHAUSTION':
      return 'nest less'
    default:
      return undefined
  }
}

function hintForMissing(message: string): string {
  if (/Sequence item/.test(message))
    return 'begin it in the column of the list it belongs to, or of the key after the list'
  return /map/.test(message) ? 'a key needs ": " behind it, with the blank' : 'a bracket, comma or colon is missing'
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1
}
