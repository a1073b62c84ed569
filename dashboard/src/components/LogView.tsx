import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react'
import { apiUrl } from '../api/base.ts'
import { type LineRange, lineHash } from '../lib/lines.ts'
import type { LogControls } from '../lib/log-controls.ts'
import { formatSize } from '../lib/names.ts'
import { showElement } from '../lib/scroll.ts'
import { copyText } from './CopyText.tsx'
import { Icon } from './Icon.tsx'
import { LogLines } from './LogLines.tsx'
import { LogSearch } from './LogSearch.tsx'
import { Notice } from './Notice.tsx'
import { type LogSource, type LogState, useLog } from './useLog.ts'
import { readLines } from './useLogParts.ts'

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
  const [controls] = useState<LogControls>({})
  const [wraps, setWraps] = useWrap()
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
  controls.follow = log.complete ? () => undefined : () => changeFollow(!follow)
  controls.wrap = () => setWraps(!wraps)
  const pick = useStable((line: number, isEnd: boolean) => {
    const from = isEnd && target ? target.first : line
    onPick(lineHash(Math.min(from, line), Math.max(from, line)))
  })
  return (
    <section ref={section} className="log" id="log" aria-label="Log">
      <div className="log-bar">
        <h2 className="log-title">{title}</h2>
        <LogFacts log={log} />
        <LogSearch
          log={log}
          controls={controls}
          onFind={(line) => setGoal({ first: line, last: line })}
          onStart={() => changeFollow(false)}
        />
        <div className="log-buttons">
          {isNamed && target ? <CopyLines log={log} range={target} /> : null}
          <Toggle name="Wrap" shortcut="w" isOn={wraps} onClick={controls.wrap} />
          {log.complete ? null : <Toggle name="Follow" shortcut="f" isOn={follow} onClick={controls.follow} />}
          <a className="pf-v6-c-button pf-m-link pf-m-small" href={apiUrl(source.path)}>
            Raw
          </a>
        </div>
      </div>
      {log.error ? (
        <Notice kind="warning" title="The log could not be read on" live>
          {log.error.message} Trying again.
        </Notice>
      ) : null}
      <LogLines
        key={source.path}
        log={log}
        follow={follow}
        onFollow={changeFollow}
        goal={goal}
        marked={target}
        wraps={wraps}
        controls={controls}
        href={href}
        onPick={pick}
      />
    </section>
  )
}

function LogFacts({ log }: { log: LogState }) {
  const { lineCount, offset } = log.store
  if (lineCount === 0)
    return <span className="log-facts subtle">{log.isGone ? '' : log.complete ? 'empty' : 'no lines yet'}</span>
  return (
    <span className="log-facts subtle">
      {lineCount === 1 ? '1 line' : `${lineCount.toLocaleString('en')} lines`}, {formatSize(offset)}
      {log.caughtUp ? '' : ', reading…'}
    </span>
  )
}

interface ToggleProps {
  name: string
  /** The key that does the same while the lines have the focus. */
  shortcut: string
  isOn: boolean
  onClick: () => void
}

function Toggle({ name, shortcut, isOn, onClick }: ToggleProps) {
  return (
    <button
      type="button"
      className={`pf-v6-c-button pf-m-secondary pf-m-small ${isOn ? 'pressed' : ''}`}
      aria-pressed={isOn}
      aria-keyshortcuts={shortcut}
      title={`Key ${shortcut}, while the lines have the focus`}
      onClick={onClick}
    >
      {name === 'Follow' ? <Icon name="arrow-down" /> : null} {name}
    </button>
  )
}

/** More lines than this are to be had from the raw log. */
const MOST_COPIED = 5_000

/** Copies whole lines, also those that are not on screen. */
function CopyLines({ log, range }: { log: LogState; range: LineRange }) {
  const [said, setSaid] = useState('')
  const count = Math.min(MOST_COPIED, range.last - range.first + 1)
  const name = count === 1 ? 'Copy line' : `Copy ${count.toLocaleString('en')} lines`
  useEffect(() => {
    if (said === '') return
    const timer = setTimeout(() => setSaid(''), 2_000)
    return () => clearTimeout(timer)
  }, [said])
  const copy = async () => {
    const text = await readLines(log, { first: range.first, last: range.first + count - 1 })
    setSaid((await copyText(text)) ? 'Copied' : 'Not copied')
  }
  return (
    <button
      type="button"
      className="pf-v6-c-button pf-m-link pf-m-small"
      onClick={() => void copy().catch(() => setSaid('Not copied'))}
    >
      <span aria-live="polite">{said || name}</span>
    </button>
  )
}

const WRAP_KEY = 'log-wrap'

/** Whether long lines wrap: as the reader last chose, else where the screen is narrow. */
function useWrap(): [boolean, (wraps: boolean) => void] {
  const [wraps, setWraps] = useState(readWrap)
  const change = (wanted: boolean) => {
    setWraps(wanted)
    try {
      localStorage.setItem(WRAP_KEY, String(wanted))
    } catch {
      // a browser that keeps nothing shows it all the same
    }
  }
  return [wraps, change]
}

function readWrap(): boolean {
  try {
    const kept = localStorage.getItem(WRAP_KEY)
    if (kept !== null) return kept === 'true'
  } catch {
    // as if nothing was kept
  }
  return window.matchMedia('(max-width: 48rem)').matches
}

/** The same function for ever, which calls the newest: what takes it need not be drawn again. */
function useStable<A extends unknown[]>(call: (...args: A) => void): (...args: A) => void {
  const newest = useRef(call)
  newest.current = call
  return useCallback((...args: A) => newest.current(...args), [])
}
