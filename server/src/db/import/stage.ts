import type { Session } from './session.ts'
import type { Source } from './source.ts'
import { columnsOf, hasId, SOURCE_TABLE_NAMES, type SourceTable, type StagedType } from './source-tables.ts'

/** The temporary table that holds what was read of a table of the source. */
export const staged = (table: SourceTable) => `s_${table}`

/** Told how far it is; throws when the import is to stop. */
export type OnProgress = (step: 'read' | 'write', table: string, rows: number) => void

/**
 * Copies the tables of the source into temporary tables, as they are. Long texts stay behind: of them only the length is
 * copied.
 */
export async function stageSource(session: Session, source: Source, onProgress: OnProgress): Promise<void> {
  for (const table of SOURCE_TABLE_NAMES) {
    onProgress('read', table, 0)
    const columns = columnsOf(table)
    const types = columns.map(([name, type]) => `${name} ${type === 'bytes' ? 'bigint' : type}`)
    await session.run(`create temp table ${staged(table)} (${types.join(', ')})`)
    const select = `select ${columns.map(readColumn).join(', ')} from ${table}`
    await session.copyIn(staged(table), counted(source.copyOut(select), table, onProgress))
    if (hasId(table)) await session.run(`create unique index on ${staged(table)} (id)`)
    await session.run(`analyze ${staged(table)}`)
  }
}

/** Enums and JSON are copied as text, so that neither has to be known here. */
function readColumn([name, type]: [string, StagedType]): string {
  if (type === 'bytes') return `octet_length(${name})`
  return type === 'text' ? `${name}::text` : name
}

/** The same chunks; tells how many rows have passed. In the text format a line feed is never part of a value. */
async function* counted(chunks: AsyncIterable<Buffer>, table: string, onProgress: OnProgress): AsyncGenerator<Buffer> {
  let rows = 0
  for await (const chunk of chunks) {
    for (let at = chunk.indexOf(0x0a); at >= 0; at = chunk.indexOf(0x0a, at + 1)) rows += 1
    onProgress('read', table, rows)
    yield chunk
  }
}
