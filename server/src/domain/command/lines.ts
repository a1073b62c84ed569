/** A line of a comment. */
export interface Line {
  /** Counted from 1. */
  number: number
  text: string
}

/**
 * The lines of a comment whose first word is the prefix, in order. What is shown as an example or a quote is none: code
 * blocks between fences, lines that begin with four blanks, a tab or `>`; and what is not shown at all, `<!-- … -->`.
 */
export function findCommandLines(body: string, prefix: string): Line[] {
  const found: Line[] = []
  let fence: string | undefined
  let isHidden = false
  for (const [index, text] of body.split(/\r\n|\r|\n/).entries()) {
    if (isHidden) {
      isHidden = !text.includes('-->')
      continue
    }
    const mark = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(text)
    if (fence !== undefined) {
      if (mark?.[1]?.startsWith(fence) && mark[2]?.trim() === '') fence = undefined
      continue
    }
    // the words behind an opening fence hold no backtick, else it is code within a line
    if (mark?.[1] && !(mark[1].startsWith('`') && mark[2]?.includes('`'))) {
      fence = mark[1]
      continue
    }
    isHidden = opensHidden(text)
    if (/^(?: {4}| {0,3}\t| {0,3}>)/.test(text)) continue
    const [first, second] = text.trim().split(/\s+/, 2)
    if (first === prefix && second !== undefined) found.push({ number: index + 1, text: text.trim() })
  }
  return found
}

function opensHidden(text: string): boolean {
  const opened = text.lastIndexOf('<!--')
  return opened >= 0 && !text.includes('-->', opened + 4)
}
