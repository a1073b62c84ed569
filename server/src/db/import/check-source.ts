import { SetupError } from '../../domain/errors.ts'
import type { Source } from './source.ts'
import { ALEMBIC_HEAD, columnsOf, SOURCE_TABLE_NAMES, type SourceTable } from './source-tables.ts'

/** What a check of the source found. */
export interface CheckedSource {
  /** Sentences for the operator that don't stop the import. */
  warnings: string[]
  /** Rows of each table. */
  rows: Record<SourceTable, number>
  /** The largest id there is in any table. */
  largestId: number
}

/** No installation of Packit Service is without these. */
const MARKS = ['alembic_version', 'git_projects', 'pipelines'] as const

/**
 * Looks whether the source is a Packit Service database that can be read, and how large it is.
 *
 * @throws {SetupError} when it is something else, lacks a column, or its account may not read a table: in one sentence
 */
export async function checkSource(source: Source): Promise<CheckedSource> {
  const found = await findColumns(source)
  const missing = MARKS.find((table) => !found.has(table))
  if (missing) {
    throw new SetupError(`${source.name} is no database of Packit Service: it has no table ${missing}`)
  }
  refuseMissing(source, found)
  await refuseUnreadable(source)
  return { warnings: await findWarnings(source), ...(await countRows(source)) }
}

async function findColumns(source: Source): Promise<Map<string, Set<string>>> {
  const rows = await source.query<{ table: string; columns: string[] }>(
    `select c.relname::text as table, array_agg(a.attname::text) as columns
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where c.oid in (select to_regclass(name) from unnest($1::text[]) as name) group by c.relname`,
    [[...SOURCE_TABLE_NAMES, ...MARKS]],
  )
  return new Map(rows.map(({ table, columns }) => [table, new Set(columns)]))
}

function refuseMissing(source: Source, found: Map<string, Set<string>>): void {
  const missing = SOURCE_TABLE_NAMES.flatMap((table) => {
    const there = found.get(table)
    if (!there) return [table]
    return columnsOf(table).flatMap(([column]) => (there.has(column) ? [] : [`${table}.${column}`]))
  })
  if (missing.length > 0) {
    throw new SetupError(
      `${source.name} is older than expected, it has no ${missing.join(', ')}: ` +
        `bring it to the migration ${ALEMBIC_HEAD} first (alembic upgrade head)`,
    )
  }
}

async function refuseUnreadable(source: Source): Promise<void> {
  const rows = await source.query<{ table: string; account: string }>(
    `select name as table, current_user::text as account from unnest($1::text[]) as name
     where not has_table_privilege(name, 'select')`,
    [SOURCE_TABLE_NAMES],
  )
  const [first] = rows
  if (!first) return
  throw new SetupError(
    `${source.name}: the account ${first.account} may not read ${rows.map(({ table }) => table).join(', ')}: ` +
      `grant select on all tables in schema public to ${first.account}`,
  )
}

async function findWarnings(source: Source): Promise<string[]> {
  const mayRead = await source.query<{ yes: boolean }>(`select has_table_privilege('alembic_version', 'select') as yes`)
  if (!mayRead[0]?.yes) return ['which migration the source has reached can not be read']
  const heads = await source.query<{ version: string }>('select version_num::text as version from alembic_version')
  const others = heads.map(({ version }) => version).filter((version) => version !== ALEMBIC_HEAD)
  if (heads.length > 0 && others.length === 0) return []
  const named = others.length > 0 ? others.join(', ') : 'none'
  return [`the source's migration is ${named}, expected is ${ALEMBIC_HEAD}: what came with another one is not copied`]
}

async function countRows(source: Source): Promise<Pick<CheckedSource, 'rows' | 'largestId'>> {
  const counts = SOURCE_TABLE_NAMES.map((table) => {
    const largest = columnsOf(table).some(([column]) => column === 'id') ? 'max(id)' : '0'
    return `select '${table}' as table, count(*) as rows, coalesce(${largest}, 0) as largest from ${table}`
  })
  const found = await source.query<{ table: SourceTable; rows: string; largest: string }>(counts.join(' union all '))
  return {
    rows: Object.fromEntries(found.map(({ table, rows }) => [table, Number(rows)])) as Record<SourceTable, number>,
    largestId: Math.max(0, ...found.map(({ largest }) => Number(largest))),
  }
}
