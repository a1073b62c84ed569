/** A piece of a line in one look; `className` is empty for plain text. */
export interface Piece {
  text: string
  className: string
}

const COLORS = ['black', 'red', 'green', 'yellow', 'blue', 'purple', 'cyan', 'white']
/** A line longer than this is cut for the screen: the raw log has the rest. */
const MAX_SHOWN = 4_000

// Escape sequences: CSI (colours and cursor), OSC (titles, links), and the two-character ones.
const ESCAPES = /\x1b(?:\[([0-9;:?]*)[ -/]*([@-~])|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\^_])/g
const CONTROLS = /[\x00-\x08\x0b-\x1f\x7f]/g

interface Look {
  color: string
  bold: boolean
  faint: boolean
}

/**
 * A line of a log for the screen: colours become classes, every other escape sequence vanishes, of text that a
 * carriage return overwrote only the last stays, and remaining control characters are shown as `�`.
 */
export function parseAnsi(line: string): Piece[] {
  const shown = lastWritten(line)
  const cut = shown.length > MAX_SHOWN ? `${shown.slice(0, MAX_SHOWN)}… (${shown.length} characters)` : shown
  const pieces: Piece[] = []
  let look: Look = { color: '', bold: false, faint: false }
  let from = 0
  for (const match of cut.matchAll(ESCAPES)) {
    addPiece(pieces, cut.slice(from, match.index), look)
    from = match.index + match[0].length
    if (match[2] === 'm') look = applyCodes(look, match[1] ?? '')
  }
  addPiece(pieces, cut.slice(from), look)
  return pieces
}

/** The same as plain text, for searching and titles. */
export function stripAnsi(line: string): string {
  return parseAnsi(line)
    .map((piece) => piece.text)
    .join('')
}

function lastWritten(line: string): string {
  const trimmed = line.endsWith('\r') ? line.slice(0, -1) : line
  return trimmed.slice(trimmed.lastIndexOf('\r') + 1)
}

function addPiece(pieces: Piece[], text: string, look: Look): void {
  if (text === '') return
  const names = [look.color && `ansi-${look.color}`, look.bold && 'ansi-bold', look.faint && 'ansi-faint']
  pieces.push({ text: text.replace(CONTROLS, '�'), className: names.filter(Boolean).join(' ') })
}

function applyCodes(before: Look, list: string): Look {
  const look = { ...before }
  const codes = list.split(/[;:]/).map(Number)
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i] ?? 0
    if (code === 0) Object.assign(look, { color: '', bold: false, faint: false })
    else if (code === 1) look.bold = true
    else if (code === 2) look.faint = true
    else if (code === 22) Object.assign(look, { bold: false, faint: false })
    else if (code >= 30 && code <= 37) look.color = COLORS[code - 30] ?? ''
    else if (code >= 90 && code <= 97) look.color = COLORS[code - 90] ?? ''
    else if (code === 39) look.color = ''
    // 38 and 48 are followed by a colour of their own, which isn't kept
    else if (code === 38 || code === 48) i += codes[i + 1] === 5 ? 2 : 4
  }
  return look
}
