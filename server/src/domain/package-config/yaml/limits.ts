import { Lexer } from 'yaml'
import { YamlError } from './nodes.ts'

export const MAX_BYTES = 1024 * 1024
export const MAX_NESTING = 64
/** The largest file seen in public has 1,100. */
export const MAX_TOKENS = 50_000

const UNPRINTABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\ufffe\uffff]|\p{Cs}/u

/** @throws {YamlError} when the file is too large to be looked at */
export function checkSize(text: string): void {
  if (Buffer.byteLength(text) > MAX_BYTES) throw new YamlError('yaml_limit', 0, 'the file is larger than 1 MB')
}

/**
 * Refuses a text that would take long, or much room, to parse: the parser works recursively and goes on after errors.
 *
 * @throws {YamlError} naming the limit and the place
 */
export function checkLimits(text: string): void {
  const unprintable = UNPRINTABLE.exec(text)
  if (unprintable) {
    const code = unprintable[0].charCodeAt(0).toString(16).padStart(2, '0')
    throw new YamlError('yaml_syntax', unprintable.index, `the control character 0x${code} is not allowed in YAML`)
  }
  checkTokens(text)
}

function checkTokens(text: string): void {
  const nesting = new Nesting()
  let tokens = 0
  let offset = 0
  let isContent = false
  let isBlock = false
  for (const token of new Lexer().lex(text)) {
    if (token === '\u0002' || token === '\u0018') continue
    if (token === '\u001f') {
      isContent = true
      continue
    }
    const depth = nesting.add(token, isContent)
    // Python's parser knows tabs only inside of quotes, blocks and comments
    if (token.includes('\t') && (isContent ? !isBlock : /^[ \t]/.test(token))) {
      throw new YamlError(
        'yaml_syntax',
        offset + token.indexOf('\t'),
        'a tab can stand only inside of quotes; use spaces',
      )
    }
    if (isContent || token[0] === '|' || token[0] === '>') isBlock = !isContent
    isContent = false
    tokens += 1
    if (depth > MAX_NESTING) throw new YamlError('yaml_limit', offset, `nested deeper than ${MAX_NESTING} levels`)
    if (tokens > MAX_TOKENS) throw new YamlError('yaml_limit', offset, 'too many values for one file')
    offset += token.length
  }
}

/** Follows how deep the values lie: brackets that are open, and columns at which block collections began. */
class Nesting {
  #flow = 0
  #columns: number[] = []
  #column = 0

  add(token: string, isContent: boolean): number {
    if (!isContent && (token === '[' || token === '{')) this.#flow += 1
    if (!isContent && (token === ']' || token === '}')) this.#flow = Math.max(0, this.#flow - 1)
    if (this.#flow === 0 && (isContent || !/^([ \t]+|\r?\n|#.*)?$/.test(token))) this.#begin()
    const lineEnd = token.lastIndexOf('\n')
    this.#column = lineEnd === -1 ? this.#column + token.length : token.length - lineEnd - 1
    return this.#flow + this.#columns.length
  }

  #begin(): void {
    while ((this.#columns.at(-1) ?? -1) > this.#column) this.#columns.pop()
    // a value behind its key is no level of its own; what makes it one is a line or an indicator before it
    if (this.#columns.at(-1) !== this.#column) this.#columns.push(this.#column)
  }
}
