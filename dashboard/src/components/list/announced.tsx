import { useState } from 'react'

/**
 * Keeps new rows from pushing a list down under the reader's eyes: they are counted, and shown when asked for. Rows that
 * are shown still change in place.
 *
 * @param latest  the list as it is now, newest first
 * @param idOf    a number that grows with each new row
 */
export function useAnnounced<T>(latest: readonly T[], idOf: (row: T) => number) {
  const newest = latest[0] === undefined ? 0 : idOf(latest[0])
  const [seen, setSeen] = useState(newest)
  // an empty list has no reader to disturb
  const anchor = seen === 0 ? newest : seen
  if (anchor !== seen) setSeen(anchor)
  const shown = latest.filter((row) => idOf(row) <= anchor)
  return { shown, waiting: latest.length - shown.length, showAll: () => setSeen(newest) }
}

interface NewRowsProps {
  count: number
  /** One of them, and several: "run", "runs". */
  of: readonly [one: string, many: string]
  onShow: () => void
}

/** "3 new runs: show", to be pressed. */
export function NewRows({ count, of: [one, many], onShow }: NewRowsProps) {
  return (
    <div className="new-runs" role="status">
      {count > 0 ? (
        <button type="button" className="pf-v6-c-button pf-m-secondary pf-m-small" onClick={onShow}>
          {count === 1 ? `1 new ${one}` : `${count} new ${many}`}: show
        </button>
      ) : null}
    </div>
  )
}
