import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import { parseAnsi } from '../lib/ansi.ts'
import { type LineRange, MAX_HEIGHT, visibleLines } from '../lib/lines.ts'
import type { LogState } from './useLog.ts'

/** Height of a line in pixels; the style sheet has the same figure. */
export const ROW_HEIGHT = 20
/** As near to the end as counts as "at the end", in pixels. */
const NEAR_END = 30

interface LogLinesProps {
  log: LogState
  follow: boolean
  onFollow: (follow: boolean) => void
  /** Lines to bring into view. */
  goal: LineRange | null
  /** Lines to mark. */
  marked: LineRange | null
  lineHref: (line: number) => string
  onPick: (line: number) => void
}

/** The lines of a log in a window of their own: only those on screen are in the page, however long the log is. */
export function LogLines({ log, follow, onFollow, goal, marked, lineHref, onPick }: LogLinesProps) {
  const box = useRef<HTMLElement>(null)
  const [view, setView] = useState({ top: 0, height: 600 })
  const count = Math.min(log.buffer.lineCount, Math.floor(MAX_HEIGHT / ROW_HEIGHT))
  const { first, last } = visibleLines(view.top, view.height, ROW_HEIGHT, count)
  useFollow(box, follow, log.version)
  useGoal(box, goal, count)
  useHeight(box, (height) => setView((before) => ({ ...before, height })))

  const scrolled = () => {
    const element = box.current
    if (!element) return
    setView({ top: element.scrollTop, height: element.clientHeight })
    // scrolling up stops following, coming back to the end goes on with it
    const atEnd = element.scrollTop + element.clientHeight >= element.scrollHeight - NEAR_END
    if (log.isLive && !log.complete && atEnd !== follow && element.scrollHeight > element.clientHeight) onFollow(atEnd)
  }

  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region has to be reachable by keyboard
    <section ref={box} className="log-box" aria-label="Lines of the log" tabIndex={0} onScroll={scrolled}>
      {count === 0 ? <p className="log-none">{noLines(log)}</p> : null}
      <div className="log-canvas" style={{ height: count * ROW_HEIGHT }}>
        <div className="log-window" style={{ transform: `translateY(${(first - 1) * ROW_HEIGHT}px)` }}>
          {rowsBetween(first, last).map((number) => (
            <Line
              key={number}
              number={number}
              text={log.buffer.line(number)}
              marked={marked !== null && number >= marked.first && number <= marked.last}
              found={goal !== null && goal !== marked && number === goal.first}
              href={lineHref(number)}
              onPick={onPick}
            />
          ))}
        </div>
      </div>
    </section>
  )
}

function noLines(log: LogState): string {
  if (log.isGone) return 'This log is not kept any more.'
  return log.complete ? 'This step wrote nothing.' : 'The lines appear here as they are written.'
}

function rowsBetween(first: number, last: number): number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i)
}

interface LineProps {
  number: number
  text: string
  marked: boolean
  found: boolean
  href: string
  onPick: (line: number) => void
}

function Line({ number, text, marked, found, href, onPick }: LineProps) {
  // the service's own lines between those of the programs it runs
  const isHeading = text.startsWith('==> ')
  return (
    <div className={`log-line ${marked ? 'marked' : ''} ${found ? 'found' : ''} ${isHeading ? 'heading' : ''}`}>
      <a
        className="log-number"
        href={href}
        tabIndex={-1}
        aria-label={`Line ${number}`}
        onClick={(event) => {
          if (event.metaKey || event.ctrlKey || event.shiftKey) return
          event.preventDefault()
          onPick(number)
        }}
      >
        {number}
      </a>
      <span className="log-text">
        {parseAnsi(text).map((piece, index) =>
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
}

type Box = { current: HTMLElement | null }

/** Stays at the end while lines come. */
function useFollow(box: Box, follow: boolean, version: number) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new version is what moves the end
  useLayoutEffect(() => {
    if (follow && box.current) box.current.scrollTop = box.current.scrollHeight
  }, [box, follow, version])
}

/** Brings lines into view once they are there, and leaves the reader alone after that. */
function useGoal(box: Box, goal: LineRange | null, count: number) {
  const reached = useRef<LineRange | null>(null)
  useLayoutEffect(() => {
    const element = box.current
    if (!element || goal === null || goal === reached.current || count < goal.first) return
    reached.current = goal
    const top = (goal.first - 1) * ROW_HEIGHT
    if (top >= element.scrollTop && top + ROW_HEIGHT <= element.scrollTop + element.clientHeight) return
    element.scrollTop = Math.max(0, (goal.first - 1) * ROW_HEIGHT - element.clientHeight / 3)
  }, [box, goal, count])
}

function useHeight(box: Box, tell: (height: number) => void) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the box is measured once, then on each change of its size
  useEffect(() => {
    const element = box.current
    if (!element || typeof ResizeObserver === 'undefined') return
    const observer = new ResizeObserver(() => tell(element.clientHeight))
    observer.observe(element)
    return () => observer.disconnect()
  }, [box])
}
