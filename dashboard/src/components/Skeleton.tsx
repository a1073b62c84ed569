import { type ReactNode, useEffect, useState } from 'react'

/** A wait shorter than this is not worth a word. */
const PATIENCE_MS = 3_000

type Width = 'short' | 'middle' | 'long' | 'full'

/** A grey bar where a line of text will be. */
function Bar({ width }: { width: Width }) {
  return <div className={`pf-v6-c-skeleton bar bar-${width}`} />
}

/** Whether this component has been waiting for so long that it should say so. */
export function useSlow(): boolean {
  const [slow, setSlow] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), PATIENCE_MS)
    return () => clearTimeout(timer)
  }, [])
  return slow
}

/** What a page says while its content comes, and after a while what it waits for. Its drawing is not read out. */
function Waiting({ children }: { children: ReactNode }) {
  const slow = useSlow()
  return (
    <div className="page-skeleton" aria-busy="true">
      <p className={slow ? 'subtle' : 'sr-only'} role="status">
        {slow ? 'The service takes its time to answer. Still trying…' : 'Loading'}
      </p>
      <div className="page-skeleton" aria-hidden="true">
        {children}
      </div>
    </div>
  )
}

/** Rows of a list, of the height of real ones. */
export function RowBars({ rows }: { rows: number }) {
  return Array.from({ length: rows }, (_, row) => (
    // the bars have no identity of their own
    // biome-ignore lint/suspicious/noArrayIndexKey: they never move
    <div key={row} className="row-bars">
      <Bar width="short" />
      <Bar width={row % 3 === 0 ? 'long' : 'middle'} />
      <Bar width="short" />
    </div>
  ))
}

/** A list that is still coming: heading and rows. */
export function ListSkeleton({ rows = 10 }: { rows?: number }) {
  return (
    <Waiting>
      <div className="pf-v6-c-skeleton bar-heading" />
      <RowBars rows={rows} />
    </Waiting>
  )
}

/** A part of a page that is still coming, below its heading. */
export function PartSkeleton({ rows = 8 }: { rows?: number }) {
  return (
    <Waiting>
      <Bar width="middle" />
      <RowBars rows={rows} />
    </Waiting>
  )
}

/** A run or a step that is still coming: where it belongs, heading, facts, the answer, its steps. */
export function RunSkeleton() {
  return (
    <Waiting>
      <Bar width="short" />
      <div className="pf-v6-c-skeleton bar-heading" />
      <Bar width="long" />
      <div className="pf-v6-c-skeleton bar-block" />
      <RowBars rows={4} />
    </Waiting>
  )
}
