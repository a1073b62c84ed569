import { type Point, roundTop } from '../lib/usage.ts'

interface ColumnsProps {
  title: string
  points: readonly Point[]
  /** What one column counts in: "hour", "day", "week". */
  unit: string
}

/** A count over time, drawn as columns; the numbers stand below it as a table for those who prefer it. */
export function Columns({ title, points, unit }: ColumnsProps) {
  const values = points.map((point) => point.y)
  const top = roundTop(values)
  const sum = values.reduce((total, value) => total + value, 0)
  return (
    <figure className="columns">
      <figcaption>
        <h3>{title}</h3>
        <span className="subtle">
          {sum.toLocaleString('en')} in all, at most {Math.max(0, ...values).toLocaleString('en')} a {unit}
        </span>
      </figcaption>
      <div className="columns-plot" aria-hidden="true">
        <span className="columns-top subtle">{top.toLocaleString('en')}</span>
        {points.map(({ x, y }) => (
          <span key={x} className="columns-slot" title={`${x}: ${y.toLocaleString('en')}`}>
            <span className="columns-bar" style={{ height: `${(100 * y) / top}%` }} />
          </span>
        ))}
      </div>
      <div className="columns-ends subtle" aria-hidden="true">
        <span>{points[0]?.x}</span>
        <span>{points.at(-1)?.x}</span>
      </div>
      <NumbersTable title={title} points={points} unit={unit} />
    </figure>
  )
}

function NumbersTable({ title, points, unit }: ColumnsProps) {
  return (
    <details className="numbers">
      <summary>Numbers</summary>
      <table className="pf-v6-c-table pf-m-compact">
        <caption className="sr-only">
          {title} for each {unit}, which ends at (UTC)
        </caption>
        <thead className="pf-v6-c-table__thead">
          <tr className="pf-v6-c-table__tr">
            <th className="pf-v6-c-table__th" scope="col">
              Until
            </th>
            <th className="pf-v6-c-table__th number" scope="col">
              Count
            </th>
          </tr>
        </thead>
        <tbody className="pf-v6-c-table__tbody">
          {points.map(({ x, y }) => (
            <tr key={x} className="pf-v6-c-table__tr">
              <td className="pf-v6-c-table__td">{x}</td>
              <td className="pf-v6-c-table__td number">{y.toLocaleString('en')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  )
}
