import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import {
  anchorOf,
  canvasHeight,
  type LineRange,
  type Scroll,
  scrollTopFor,
  textTop,
  visibleLines,
} from '../lib/lines.ts'
import { type LogControls, pressKey } from '../lib/log-controls.ts'
import { LogLine } from './LogLine.tsx'
import type { LogState } from './useLog.ts'
import { useLogParts } from './useLogParts.ts'

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
  /** Long lines go on in the next row. */
  wraps: boolean
  controls: LogControls
  /** Address of the log, without a fragment. */
  href: string
  /** A line was picked, or with Shift the end of several. It stays the same function. */
  onPick: (line: number, isEnd: boolean) => void
}

interface View {
  /** How far the box is scrolled, and how far it can be. */
  top: number
  max: number
  height: number
}

/** The lines of a log in a window of their own: only those on screen are in the page, however long the log is. */
export function LogLines({ log, follow, onFollow, goal, marked, wraps, controls, href, onPick }: LogLinesProps) {
  const box = useRef<HTMLElement>(null)
  const [view, setView] = useState<View>({ top: 0, max: 0, height: 600 })
  const count = log.store.lineCount
  const scroll: Scroll = { count, rowHeight: ROW_HEIGHT, height: view.height }
  const measure = () => {
    const element = box.current
    if (element) setView(measured(element))
  }
  useFollow(box, follow, log)
  useGoal(box, { goal, scroll, wraps, isEnd: goal === null && log.complete && !log.isLive })
  useMeasure(box, measure, `${count} ${wraps}`)
  const at = wraps ? anchorOf(view.top, view.max, count) : null
  const shown =
    at === null ? visibleLines(textTop(view.top, scroll), view.height, ROW_HEIGHT, count) : around(at.line, view, count)
  useLogParts(log, shown)

  const scrolled = () => {
    const element = box.current
    if (!element) return
    measure()
    // scrolling up stops following, coming back to the end goes on with it
    const atEnd = element.scrollTop + element.clientHeight >= element.scrollHeight - NEAR_END
    if (log.isLive && !log.complete && atEnd !== follow && element.scrollHeight > element.clientHeight) onFollow(atEnd)
  }
  const lines = (first: number, last: number) =>
    rowsBetween(first, last).map((number) => (
      <LogLine
        key={number}
        number={number}
        text={log.store.line(number)}
        marked={marked !== null && number >= marked.first && number <= marked.last}
        found={goal !== null && goal !== marked && number === goal.first}
        href={href}
        onPick={onPick}
      />
    ))

  return (
    <section
      ref={box}
      className={wraps ? 'log-box wraps' : 'log-box'}
      aria-label="Lines of the log"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region has to be reachable by keyboard
      tabIndex={0}
      onScroll={scrolled}
      onKeyDown={(event) => {
        if (event.ctrlKey || event.metaKey || event.altKey || event.target !== box.current) return
        if (pressKey(controls, event.key)) event.preventDefault()
      }}
    >
      {count === 0 ? <p className="log-none">{noLines(log)}</p> : null}
      <div className="log-canvas" style={{ height: canvasHeight(scroll) }}>
        {at === null ? (
          <div
            className="log-window"
            style={{ transform: `translateY(${windowTop(view.top, shown.first, scroll)}px)` }}
          >
            {lines(shown.first, shown.last)}
          </div>
        ) : count > 0 ? (
          <div className="log-anchor" style={{ transform: anchorPlace(view, at.part) }}>
            <div className="log-above">{lines(shown.first, at.line - 1)}</div>
            {lines(at.line, at.line)}
            <div className="log-below">{lines(at.line + 1, shown.last)}</div>
          </div>
        ) : null}
      </div>
    </section>
  )
}

function measured(element: HTMLElement): View {
  const { scrollTop, scrollHeight, clientHeight } = element
  return { top: scrollTop, max: scrollHeight - clientHeight, height: clientHeight }
}

/** Where the first line drawn stands on the canvas, in pixels. */
function windowTop(scrollTop: number, first: number, scroll: Scroll): number {
  return scrollTop - textTop(scrollTop, scroll) + (first - 1) * ROW_HEIGHT
}

/** The anchor's place: as far down the window as the window is down the text, less what of the line is above. */
function anchorPlace({ top, max, height }: View, part: number): string {
  const y = top + (max <= 0 ? 0 : Math.min(1, top / max) * height)
  return `translateY(calc(${y}px - ${part * 100}%))`
}

/** As many lines around one as fill the window when none of them wraps. */
function around(line: number, { height }: View, count: number): LineRange {
  const rows = Math.ceil(height / ROW_HEIGHT) + 4
  return { first: Math.max(1, line - rows), last: Math.min(count, line + rows) }
}

function noLines(log: LogState): string {
  if (log.isGone) return 'This log is not kept any more.'
  return log.complete ? 'This step wrote nothing.' : 'The lines appear here as they are written.'
}

function rowsBetween(first: number, last: number): number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i)
}

type Box = { current: HTMLElement | null }

/** Stays at the end while lines come. */
function useFollow(box: Box, follow: boolean, { version }: LogState) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new version is what moves the end
  useLayoutEffect(() => {
    if (follow && box.current) box.current.scrollTop = box.current.scrollHeight
  }, [box, follow, version])
}

interface Goal {
  goal: LineRange | null
  scroll: Scroll
  wraps: boolean
  /** Without a goal a log that has ended begins at its end: there stands what came of it. */
  isEnd: boolean
}

/** Brings lines into view once they are there, and leaves the reader alone after that. */
function useGoal(box: Box, { goal, scroll, wraps, isEnd }: Goal) {
  const reached = useRef<LineRange | 'end' | null>(null)
  useLayoutEffect(() => {
    const element = box.current
    const wanted = goal ?? (isEnd ? 'end' : null)
    if (!element || wanted === null || wanted === reached.current) return
    if (wanted === 'end') {
      if (reached.current === null) element.scrollTop = element.scrollHeight
      reached.current = wanted
      return
    }
    if (scroll.count < wanted.first) return
    reached.current = wanted
    const { top, max, height } = measured(element)
    if (wraps) {
      element.scrollTop = ((wanted.first - 0.5) / scroll.count) * max
      return
    }
    const now = { ...scroll, height }
    const from = textTop(top, now)
    const line = (wanted.first - 1) * ROW_HEIGHT
    if (line >= from && line + ROW_HEIGHT <= from + height) return
    element.scrollTop = scrollTopFor(Math.max(0, line - height / 3), now)
  }, [box, goal, scroll, wraps, isEnd])
}

/** Measures the box whenever its size or what is in it changes. */
function useMeasure(box: Box, measure: () => void, content: string) {
  const newest = useRef(measure)
  newest.current = measure
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is in it changes how far it can be scrolled
  useLayoutEffect(() => newest.current(), [content])
  useEffect(() => {
    const element = box.current
    if (!element || typeof ResizeObserver === 'undefined') return
    const observer = new ResizeObserver(() => newest.current())
    observer.observe(element)
    return () => observer.disconnect()
  }, [box])
}
