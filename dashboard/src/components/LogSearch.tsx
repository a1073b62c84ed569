import { useState } from 'react'
import type { LogControls } from '../lib/log-controls.ts'
import { MOST_FOUND } from '../lib/log-search.ts'
import { SearchInput } from './SearchInput.tsx'
import type { LogState } from './useLog.ts'
import { useLogSearch } from './useLogParts.ts'

interface SearchProps {
  log: LogState
  onFind: (line: number) => void
  onStart: () => void
  /** What keys in the log call. */
  controls: LogControls
}

/** Finds a text. The browser's own search sees only the lines on screen. Enter goes on, Shift+Enter back. */
export function LogSearch({ log, onFind, onStart, controls }: SearchProps) {
  const [text, setText] = useState('')
  /** Index into the lines found; null until the reader has asked for the first. */
  const [at, setAt] = useState<number | null>(null)
  const found = useLogSearch(log, text)
  const { lines } = found
  const go = (step: 1 | -1) => {
    if (lines.length === 0) return
    const next = at === null ? 0 : (at + step + lines.length) % lines.length
    setAt(next)
    onStart()
    onFind(lines[next] ?? 1)
  }
  controls.find = go
  const change = (value: string) => {
    setText(value)
    setAt(null)
  }
  return (
    <form
      className="log-search"
      onSubmit={(event) => {
        event.preventDefault()
        go(1)
      }}
    >
      <SearchInput
        label="Find in the log"
        placeholder="Find"
        value={text}
        onChange={(event) => change(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') change('')
          if (event.key !== 'Enter' || !event.shiftKey) return
          event.preventDefault()
          go(-1)
        }}
      />
      {text.length >= 2 ? (
        <>
          <span className="log-found subtle" aria-live="polite">
            {found.isDone || lines.length > 0 ? foundText(lines.length, at) : ''}
          </span>
          {found.isDone ? null : (
            <>
              <span className="log-found subtle">searching, {Math.floor((found.share ?? 0) * 100)} %</span>
              <button type="button" className="pf-v6-c-button pf-m-link pf-m-small" onClick={() => change('')}>
                Stop
              </button>
            </>
          )}
        </>
      ) : null}
    </form>
  )
}

function foundText(count: number, at: number | null): string {
  if (count === 0) return 'none'
  const all = count >= MOST_FOUND ? `${MOST_FOUND.toLocaleString('en')}+` : count.toLocaleString('en')
  return at === null ? all : `${at + 1}/${all}`
}
