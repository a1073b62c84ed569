import { memo } from 'react'
import { parseAnsi } from '../lib/ansi.ts'
import { lineHash } from '../lib/lines.ts'

interface LogLineProps {
  number: number
  /** Undefined while it is being fetched. */
  text: string | undefined
  marked: boolean
  found: boolean
  /** Address of the log, without a fragment. */
  href: string
  onPick: (line: number, isEnd: boolean) => void
}

/** One line with its number, which is a link to it. Drawn again only when it changes: many come in a second. */
export const LogLine = memo(function LogLine({ number, text, marked, found, href, onPick }: LogLineProps) {
  // the service's own lines between those of the programs it runs
  const isHeading = text?.startsWith('==> ') ?? false
  return (
    <div className={`log-line ${marked ? 'marked' : ''} ${found ? 'found' : ''} ${isHeading ? 'heading' : ''}`}>
      <a
        className="log-number"
        href={`${href}#${lineHash(number)}`}
        tabIndex={-1}
        aria-label={`Line ${number}`}
        onClick={(event) => {
          if (event.metaKey || event.ctrlKey) return
          event.preventDefault()
          onPick(number, event.shiftKey)
        }}
      >
        {number}
      </a>
      <span className={text === undefined ? 'log-text log-waiting' : 'log-text'}>
        {text === undefined
          ? '…'
          : parseAnsi(text).map((piece, index) =>
              piece.className === '' ? (
                piece.text
              ) : (
                // the pieces of a written line never change
                // biome-ignore lint/suspicious/noArrayIndexKey: their order is their identity
                <span key={index} className={piece.className}>
                  {piece.text}
                </span>
              ),
            )}
      </span>
    </div>
  )
})
