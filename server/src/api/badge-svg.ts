import { LOOKS, type State } from '../domain/status.ts'

/** White text on each of them has a contrast of 4.5 to 1 or more. */
const COLORS: Record<(typeof LOOKS)[State]['color'], string> = {
  grey: '#6a6e73',
  blue: '#0066cc',
  green: '#2e7d32',
  red: '#c62828',
  orange: '#b35900',
  purple: '#5e40be',
}
const MOST_LETTERS = 60

/**
 * A badge for a README: a picture without script, style or outside parts, as wide as its text.
 *
 * @param state  null for what is not known
 */
export function renderBadge(label: string, state: State | null): string {
  const { word, color } = state === null ? { word: 'Unknown', color: 'grey' as const } : LOOKS[state]
  const [name, left, right] = [shorten(label), widthOf(shorten(label)), widthOf(word)]
  const title = escapeXml(`${name}: ${word}`)
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${left + right}" height="20" role="img" aria-label="${title}">
<title>${title}</title>
<rect width="${left + right}" height="20" rx="3" fill="#3c3f42"/>
<path d="M${left} 0h${right - 3}a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3h-${right - 3}z" fill="${COLORS[color]}"/>
<g fill="#fff" font-family="Verdana,DejaVu Sans,Geneva,sans-serif" font-size="11">
${renderText(name, 0, left)}
${renderText(word, left, right)}
</g>
</svg>
`
}

/** The width of the text is given, so that it fits in whatever letters are there. */
function renderText(text: string, from: number, width: number): string {
  return `<text x="${from + PADDING}" y="14" textLength="${width - 2 * PADDING}" lengthAdjust="spacingAndGlyphs">${escapeXml(text)}</text>`
}

const PADDING = 6

/** Pixels, for Verdana at 11 px; letters of the far east are as wide as high. */
function widthOf(text: string): number {
  const letters = [...text].map((letter) => (letter >= '\u1100' ? 12 : 6.8))
  return Math.ceil(letters.reduce((sum, width) => sum + width, 0)) + 2 * PADDING
}

function shorten(text: string): string {
  const letters = [...text]
  return letters.length > MOST_LETTERS ? `${letters.slice(0, MOST_LETTERS - 1).join('')}…` : text
}

/** What XML does not allow at all is replaced as well. */
function escapeXml(text: string): string {
  const names: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
  return text
    .toWellFormed()
    .replace(/[\x00-\x1f\x7f\ufffe\uffff]/g, '\ufffd')
    .replace(/[&<>"']/g, (letter) => names[letter] ?? letter)
}
