/** Something that was said about a package configuration, with its place where it has one; both counted from 1. */
export interface ConfigNote {
  message: string
  line: number | null
  column: number | null
}

/**
 * Takes apart what a plan keeps as text: `<path>:<line>:<column>: message`, one to a line. A line that does not begin so
 * goes on with the message before it.
 */
export function readConfigNotes(path: string | null, text: string): ConfigNote[] {
  const notes: ConfigNote[] = []
  for (const line of text.split('\n')) {
    const note = readNote(path, line)
    const last = notes.at(-1)
    if (note || !last) notes.push(note ?? { message: line, line: null, column: null })
    else last.message += `\n${line}`
  }
  return notes
}

function readNote(path: string | null, text: string): ConfigNote | undefined {
  if (path === null || !text.startsWith(`${path}:`)) return undefined
  const [, line, column, message] = /^([0-9]+):([0-9]+): (.*)$/.exec(text.slice(path.length + 1)) ?? []
  if (message === undefined) return { message: text.slice(path.length + 1).trim(), line: null, column: null }
  return { message, line: Number(line), column: Number(column) }
}
