import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react'
import { apiUrl } from '../api/base.ts'
import { type LineRange, lineHash } from '../lib/lines.ts'
import { formatSize } from '../lib/names.ts'
import { showElement } from '../lib/scroll.ts'
import { Icon } from './Icon.tsx'
import { LogLines } from './LogLines.tsx'
import { Notice } from './Notice.tsx'
import { type LogSource, type LogState, useLog } from './useLog.ts'

interface LogViewProps {
  source: LogSource
  title: ReactNode
  /** The address of this log's page part, without a fragment: lines link to it. */
  href: string
  /** Lines to mark and to begin at: those the address names, else those that say why it failed. */
  target: LineRange | null
  /** The address names the lines: the log itself should be on screen, too. */
  isNamed: boolean
  /** Called when the reader picks a line. The address should then name it. */
  onPick: (hash: string) => void
  /** Called when the reader stops following: this log should stay. */
  onHold?: () => void
}

/** A log as it grows: numbered lines that can be linked to, followed, and searched. */
export function LogView({ source, title, href, target, isNamed, onPick, onHold }: LogViewProps) {
  const log = useLog(source)
  const section = useRef<HTMLElement>(null)
  const [wantsFollow, setFollow] = useState(target === null)
  const [goal, setGoal] = useState<LineRange | null>(target)
  // a link to a line wins over following, also when it is followed later
  useEffect(() => {
    if (target === null) return
    setGoal(target)
    setFollow(false)
    if (isNamed) showElement(section.current)
  }, [target, isNamed])
  // also when the last lines and the end come together
  const follow = wantsFollow && log.isLive
  const changeFollow = (wanted: boolean) => {
    setFollow(wanted)
    if (!wanted) onHold?.()
  }
  return (
    <section ref={section} className="log" id="log" aria-label="Log">
      <div className="log-bar">
        <h2 className="log-title">{title}</h2>
        <LogFacts log={log} />
        <LogSearch
          log={log}
          onFind={(line) => setGoal({ first: line, last: line })}
          onStart={() => changeFollow(false)}
        />
        {log.complete ? null : (
          <button
            type="button"
            className={`pf-v6-c-button pf-m-secondary pf-m-small ${follow ? 'pressed' : ''}`}
            aria-pressed={follow}
            onClick={() => changeFollow(!follow)}
          >
            <Icon name="arrow-down" /> Follow
          </button>
        )}
        <a className="pf-v6-c-button pf-m-link pf-m-small" href={apiUrl(source.path)}>
          Raw
        </a>
      </div>
      {log.error ? (
        <Notice kind="warning" title="The log could not be read on" live>
          {log.error.message} Trying again.
        </Notice>
      ) : null}
      <LogLines
        log={log}
        follow={follow}
        onFollow={changeFollow}
        goal={goal}
        marked={target}
        lineHref={(line) => `${href}#${lineHash(line)}`}
        onPick={(line) => onPick(lineHash(line))}
      />
    </section>
  )
}

function LogFacts({ log }: { log: LogState }) {
  const { lineCount, offset } = log.buffer
  if (lineCount === 0)
    return <span className="log-facts subtle">{log.isGone ? '' : log.complete ? 'empty' : 'no lines yet'}</span>
  return (
    <span className="log-facts subtle">
      {lineCount === 1 ? '1 line' : `${lineCount.toLocaleString('en')} lines`}, {formatSize(offset)}
      {log.caughtUp ? '' : ', reading…'}
    </span>
  )
}

interface SearchProps {
  log: LogState
  onFind: (line: number) => void
  onStart: () => void
}

/** Finds a text. The browser's own search sees only the lines on screen. Enter goes on, Shift+Enter back. */
function LogSearch({ log, onFind, onStart }: SearchProps) {
  const [text, setText] = useState('')
  /** Index into `found`; null until the reader has asked for the first. */
  const [at, setAt] = useState<number | null>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the buffer changes in place, its version tells when
  const found = useMemo(() => (text.length < 2 ? [] : log.buffer.find(text)), [text, log.buffer, log.version])
  const go = (step: 1 | -1) => {
    if (found.length === 0) return
    const next = at === null ? 0 : (at + step + found.length) % found.length
    setAt(next)
    onStart()
    onFind(found[next] ?? 1)
  }
  return (
    <form
      className="log-search"
      onSubmit={(event) => {
        event.preventDefault()
        go(1)
      }}
    >
      <div className="pf-v6-c-text-input-group">
        <div className="pf-v6-c-text-input-group__main pf-m-icon">
          <span className="pf-v6-c-text-input-group__text">
            <span className="pf-v6-c-text-input-group__icon">
              <Icon name="search" />
            </span>
            <input
              className="pf-v6-c-text-input-group__text-input"
              type="search"
              aria-label="Find in the log"
              placeholder="Find"
              value={text}
              onChange={(event) => {
                setText(event.target.value)
                setAt(null)
              }}
              onKeyDown={(event) => {
                if (event.key !== 'Enter' || !event.shiftKey) return
                event.preventDefault()
                go(-1)
              }}
            />
          </span>
        </div>
      </div>
      <span className="log-found subtle" aria-live="polite">
        {text.length < 2 ? '' : found.length === 0 ? 'none' : at === null ? found.length : `${at + 1}/${found.length}`}
      </span>
    </form>
  )
}
