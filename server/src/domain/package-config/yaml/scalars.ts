import type { ScalarNode } from './nodes.ts'

type Typed = Pick<ScalarNode, 'type' | 'value'>

const NULL = /^(?:~|null|Null|NULL|)$/
const BOOLEAN = /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/
const TRUE = /^(?:yes|true|on)$/i
const INTEGER = /^[-+]?(?:0b[01_]+|0[0-7_]+|0x[\da-fA-F_]+|0|[1-9][\d_]*(?::[0-5]?\d)*)$/
const FLOAT =
  /^(?:[-+]?\d[\d_]*\.[\d_]*(?:[eE][-+]\d+)?|\.\d[\d_]*(?:[eE][-+]\d+)?|[-+]?\d[\d_]*(?::[0-5]?\d)+\.[\d_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/
const DATE =
  /^(?:\d{4}-\d\d-\d\d|\d{4}-\d\d?-\d\d?(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d\d?(?::\d\d)?))?)$/

/**
 * What a plain (unquoted) word is in YAML 1.1: `on` is a boolean, `012` is ten, `1:30` is ninety, `2024-01-01` a date;
 * `y`, `1e3` and `0o12` are text. Rules: https://yaml.org/type/, as far as Python's parser follows them.
 */
export function typePlain(text: string): Typed {
  if (NULL.test(text)) return { type: 'null', value: null }
  if (BOOLEAN.test(text)) return { type: 'boolean', value: TRUE.test(text) }
  if (INTEGER.test(text)) return integer(text)
  if (FLOAT.test(text)) return float(text)
  if (DATE.test(text)) return { type: 'date', value: text }
  return { type: 'text', value: text }
}

/** The value of a scalar with an explicit tag, such as `!!str 1.0`; undefined when it isn't one of that type. */
export function typeTagged(text: string, tag: string): Typed | undefined {
  if (tag === '!' || tag === 'tag:yaml.org,2002:str') return { type: 'text', value: text }
  const type = SCALAR_TAGS[tag]
  const typed = typePlain(text)
  if (type === undefined) return undefined
  if (type === 'float' && typed.type === 'integer') return { type: 'float', value: typed.value }
  return typed.type === type ? typed : undefined
}

const SCALAR_TAGS: Readonly<Record<string, ScalarNode['type']>> = {
  'tag:yaml.org,2002:int': 'integer',
  'tag:yaml.org,2002:float': 'float',
  'tag:yaml.org,2002:bool': 'boolean',
  'tag:yaml.org,2002:null': 'null',
}

function integer(text: string): Typed {
  const digits = text.replace(/^[-+]/, '').replaceAll('_', '')
  const sign = text.startsWith('-') ? -1 : 1
  // `0b_` and the like: they match the pattern, yet hold no number
  if (/^0[bx]?$/.test(digits) && digits !== '0') return { type: 'text', value: text }
  const value = sign * magnitude(digits)
  return { type: 'integer', value: Number.isSafeInteger(value) ? value : text }
}

function magnitude(digits: string): number {
  if (digits.includes(':')) return sexagesimal(digits)
  if (/^0[bx]/.test(digits)) return Number(digits)
  return digits.startsWith('0') ? Number.parseInt(digits, 8) : Number(digits)
}

function float(text: string): Typed {
  const digits = text.replace(/^[-+]/, '').replaceAll('_', '')
  const sign = text.startsWith('-') ? -1 : 1
  // JSON has no infinity
  if (/inf|nan/i.test(digits)) return { type: 'float', value: text }
  const value = sign * (digits.includes(':') ? sexagesimal(digits) : Number(digits))
  return { type: 'float', value: Number.isFinite(value) ? value : text }
}

function sexagesimal(digits: string): number {
  return digits.split(':').reduce((sum, part) => sum * 60 + Number(part), 0)
}
