import { useEffect, useState } from 'react'

/** Grey bars where text will be. `rows` and `tall` give it the height of what it stands for. */
export function Bars({ rows, tall = false }: { rows: number; tall?: boolean }) {
  return (
    <div className="bars" aria-hidden="true">
      {Array.from({ length: rows }, (_, row) => (
        // the bars have no identity of their own
        // biome-ignore lint/suspicious/noArrayIndexKey: they never move
        <div key={row} className={`pf-v6-c-skeleton ${tall ? 'bar-tall' : 'bar'}`} />
      ))}
    </div>
  )
}

/** A page that is still coming: a heading and some rows. After a while it says what it waits for. */
export function PageSkeleton({ rows = 8, tall = true }: { rows?: number; tall?: boolean }) {
  const [slow, setSlow] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), 3_000)
    return () => clearTimeout(timer)
  }, [])
  return (
    <div className="page-skeleton" aria-busy="true">
      <div className="pf-v6-c-skeleton bar-heading" aria-hidden="true" />
      <p className="subtle" role="status">
        {slow ? 'The service takes its time to answer. Still trying…' : <span className="sr-only">Loading</span>}
      </p>
      <Bars rows={rows} tall={tall} />
    </div>
  )
}
