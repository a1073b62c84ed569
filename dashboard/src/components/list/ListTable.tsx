import type { ReactNode } from 'react'

/** A column of a list. `main` stands first on a phone, `state` and `time` beside each other above it, `extra` is left out there. */
export interface Column<T> {
  name: string
  kind: 'main' | 'state' | 'time' | 'number' | 'fact' | 'extra'
  cell: (row: T) => ReactNode
  /** Of the column on a wide screen; left out: what remains. */
  width?: string
}

interface ListTableProps<T> {
  columns: readonly Column<T>[]
  rows: readonly T[]
  keyOf: (row: T) => number | string
  /** For those who don't see the heading above it. */
  caption: string
}

/** Rows of a list; on a phone each is a card. */
export function ListTable<T>({ columns, rows, keyOf, caption }: ListTableProps<T>) {
  return (
    <table className="pf-v6-c-table pf-m-compact list-table">
      <caption className="sr-only">{caption}</caption>
      <thead className="pf-v6-c-table__thead">
        <tr className="pf-v6-c-table__tr">
          {columns.map(({ name, kind, width }) => (
            <th key={name} className={`pf-v6-c-table__th in-${kind}`} scope="col" style={width ? { width } : undefined}>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody className="pf-v6-c-table__tbody">
        {rows.map((row) => (
          <tr key={keyOf(row)} className="pf-v6-c-table__tr">
            {columns.map(({ name, kind, cell }) => (
              <td key={name} className={`pf-v6-c-table__td in-${kind}`} data-label={name}>
                {cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
