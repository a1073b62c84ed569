import type { ReactNode } from 'react'

interface Share {
  key: string
  name: ReactNode
  count: number
}

/** Counts beside each other: a name, a bar and the number for each. It is a list, so that it reads without the bars. */
export function Shares({ shares, label }: { shares: readonly Share[]; label: string }) {
  const most = Math.max(1, ...shares.map((share) => share.count))
  if (shares.length === 0) return <p className="subtle">None.</p>
  return (
    <ul className="shares" aria-label={label}>
      {shares.map(({ key, name, count }) => (
        <li key={key}>
          <span className="share-name">{name}</span>
          <span className="share-bar" aria-hidden="true">
            <span style={{ width: `${(100 * count) / most}%` }} />
          </span>
          <span className="number">{count.toLocaleString('en')}</span>
        </li>
      ))}
    </ul>
  )
}
