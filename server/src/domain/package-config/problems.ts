import type { ConfigProblem, ErrorKind, WarningKind } from './types.ts'
import { describe, type YamlNode } from './yaml/nodes.ts'

/** More than this many errors (and as many warnings) of one file are not told. */
export const MAX_PROBLEMS = 100

/** Where a value stands: its place in the file's structure and the key it belongs to. */
export interface Place {
  path: string
  key: string
}

/** The place of a part: `jobs` + 2 + `targets` is `jobs[2].targets`. The key stays that of the option. */
export function within(place: Place, part: string | number): Place {
  return { ...place, path: join(place.path, part) }
}

/** The place of a key of a mapping of the file. */
export function placeOf(path: string, key: string): Place {
  return { path: join(path, key), key }
}

function join(path: string, part: string | number): string {
  if (typeof part === 'number') return `${path}[${part}]`
  return path === '' ? part : `${path}.${part}`
}

/** Collects what is wrong, each thing once: a value that reaches many jobs through an alias is told at its one place. */
export class Problems {
  readonly #lineStarts: number[]
  readonly #errors = new Map<string, ConfigProblem>()
  readonly #warnings = new Map<string, ConfigProblem>()

  constructor(text: string) {
    this.#lineStarts = [0]
    for (const { index, 0: end } of text.matchAll(/\r\n|\n|\r/g)) this.#lineStarts.push(index + end.length)
  }

  /** `message` is made only if there is room. */
  error(kind: ErrorKind, node: { start: number }, place: Place | null, message: string | (() => string)): void {
    this.#add(this.#errors, kind, node.start, place, message)
  }

  warn(kind: WarningKind, node: { start: number }, place: Place | null, message: string | (() => string)): void {
    this.#add(this.#warnings, kind, node.start, place, message)
  }

  /** A value of another type than the option has. */
  wrongType(node: YamlNode, place: Place, wanted: string, hint = ''): void {
    this.error(
      'wrong_type',
      node,
      place,
      () => `${place.key} must be ${wanted}, found ${describe(node)}${hint && `; ${hint}`}`,
    )
  }

  get errorCount(): number {
    return this.#errors.size
  }

  /** In the order of the file. */
  get errors(): ConfigProblem[] {
    return inOrder(this.#errors)
  }

  get warnings(): ConfigProblem[] {
    return inOrder(this.#warnings)
  }

  #add(
    to: Map<string, ConfigProblem>,
    kind: ErrorKind | WarningKind,
    start: number,
    place: Place | null,
    message: string | (() => string),
  ): void {
    const id = `${kind} ${start} ${place?.key ?? ''}`
    if (to.size >= MAX_PROBLEMS || to.has(id)) return
    const { line, column } = this.#position(start)
    const text = typeof message === 'string' ? message : message()
    to.set(id, { kind, ...(place ? { key: place.key } : {}), path: place?.path ?? '', line, column, message: text })
  }

  #position(offset: number): { line: number; column: number } {
    let low = 0
    let high = this.#lineStarts.length - 1
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if ((this.#lineStarts[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    return { line: low + 1, column: offset - (this.#lineStarts[low] ?? 0) + 1 }
  }
}

function inOrder(problems: Map<string, ConfigProblem>): ConfigProblem[] {
  return [...problems.values()].sort((a, b) => a.line - b.line || a.column - b.column)
}
