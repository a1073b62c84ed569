/** A value without parts. `text` is how it was written, without quotes. */
export interface ScalarNode {
  kind: 'scalar'
  type: 'text' | 'integer' | 'float' | 'boolean' | 'null' | 'date'
  /** Dates, and numbers that JavaScript cannot hold exactly, stay text. */
  value: string | number | boolean | null
  text: string
  start: number
}

/** A scalar that is text, in quotes or not. */
export type TextNode = ScalarNode & { type: 'text'; value: string }

export interface ListNode {
  kind: 'list'
  items: YamlNode[]
  start: number
}

export interface Entry {
  key: ScalarNode
  value: YamlNode
}

/** A mapping: every key once, merge keys resolved, in the order written. */
export interface MapNode {
  kind: 'map'
  entries: Entry[]
  start: number
}

/** A value of the file with the offset at which it was written; aliases share one object. */
export type YamlNode = ScalarNode | ListNode | MapNode

/** The text can't be read at all. */
export class YamlError extends Error {
  override name = 'YamlError'
  readonly kind: 'yaml_syntax' | 'yaml_limit'
  readonly offset: number
  constructor(kind: 'yaml_syntax' | 'yaml_limit', offset: number, message: string) {
    super(message)
    this.kind = kind
    this.offset = offset
  }
}

/** What a value is, for a message: `the number 40`, `a list`. */
export function describe(node: YamlNode): string {
  if (node.kind === 'list') return node.items.length === 0 ? 'an empty list' : 'a list'
  if (node.kind === 'map') return node.entries.length === 0 ? 'an empty mapping' : 'a mapping'
  const shown = shorten(node.text)
  if (node.type === 'null') return node.text === '' ? 'nothing' : shown
  if (node.type === 'text') return node.text === '' ? 'an empty text' : `the text "${shown}"`
  if (node.type === 'date') return `the date ${shown}`
  if (node.type === 'boolean') return `${shown} (a boolean)`
  return `the number ${shown}`
}

/** At most 60 characters, on one line, without control characters. */
export function shorten(text: string): string {
  const line = text.slice(0, 200).replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')
  return line.length > 60 ? `${line.slice(0, 59)}…` : line
}
