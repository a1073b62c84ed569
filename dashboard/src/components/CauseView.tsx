import type { ReactNode } from 'react'
import { hintFor } from '../lib/advice.ts'
import { stripAnsi } from '../lib/ansi.ts'
import { lineHash } from '../lib/lines.ts'
import { showElement } from '../lib/scroll.ts'
import { Icon } from './Icon.tsx'
import { LocalLink } from './LocalLink.tsx'

export interface ShownCause {
  kind: string
  section: string | null
  summary: string
  line: number | null
  lines: { number: number; text: string }[]
}

interface CauseProps {
  cause: ShownCause
  /** Where it happened: "SRPM", or the chroots it is the same in. */
  where: string[]
  /** The address of the log without a fragment; null when there is none. */
  logHref: string | null
  /** Red for what the change did, orange for what broke elsewhere. */
  color?: 'red' | 'orange'
  /** What else is known of it, below its lines. */
  children?: ReactNode
}

/** Why something failed: what, where, the lines that say it, and the way to them in the log. */
export function CauseView({ cause, where, logHref, color = 'red', children }: CauseProps) {
  const hint = hintFor(cause.kind)
  const first = cause.line ?? cause.lines[0]?.number ?? null
  const last = cause.lines.at(-1)?.number ?? first
  const href =
    logHref !== null && first !== null ? `${logHref}#${lineHash(first, Math.max(first, last ?? first))}` : null
  return (
    <section className={`cause cause-${color}`}>
      <h2 className="cause-title">
        <Icon name={color === 'red' ? 'cross-circle' : 'triangle'} />
        <span>
          {cause.section ? (
            <>
              <code>{cause.section}</code> {color === 'red' ? 'failed' : 'broke'} in <Places names={where} />
            </>
          ) : (
            <>
              <Places names={where} />: {cause.summary}
            </>
          )}
        </span>
      </h2>
      {cause.section ? <p className="cause-summary">{cause.summary}</p> : null}
      {cause.lines.length > 0 ? <CauseLines cause={cause} /> : null}
      {children}
      <p className="cause-more">
        {hint ? <span>{hint}</span> : null}
        {href !== null && first !== null ? (
          <LocalLink href={href} onFollow={showLog}>
            Line {first} in the log
          </LocalLink>
        ) : null}
      </p>
    </section>
  )
}

/** Also when the address names that line already, and so nothing else would move. */
function showLog() {
  showElement(document.getElementById('log'))
}

function Places({ names }: { names: string[] }) {
  return names.map((name, index) => (
    <span key={name}>
      {index > 0 ? ', ' : ''}
      <code>{name}</code>
    </span>
  ))
}

function CauseLines({ cause }: { cause: ShownCause }) {
  return (
    // it may be wider than the page: the keyboard must be able to scroll it
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region has to be reachable by keyboard
    <section className="cause-lines" aria-label="The lines that say why" tabIndex={0}>
      <table>
        <tbody>
          {cause.lines.map(({ number, text }) => (
            <tr key={number} className={number === cause.line ? 'hit' : ''}>
              <th scope="row">{number}</th>
              <td>{stripAnsi(text)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
