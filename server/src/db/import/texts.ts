import { sql } from 'drizzle-orm'
import { type Db, query } from '../database.ts'
import type { Session } from './session.ts'
import type { Source } from './source.ts'
import type { SourceTable } from './source-tables.ts'
import { staged } from './stage.ts'

/** Where long texts are put, by key. */
export type PutText = (key: string, text: string | AsyncIterable<string>) => Promise<void>

interface LongText {
  source: SourceTable
  column: string
  table: string
  keyColumn: string
  sizeColumn?: string
  keyOf: (id: number) => string
}

/** Texts of the source that ours keep in storage. */
export const LONG_TEXTS: readonly LongText[] = [
  {
    source: 'srpm_builds',
    column: 'logs',
    table: 'srpm_builds',
    keyColumn: 'log_key',
    sizeColumn: 'log_size',
    keyOf: (id) => `srpm/${id}/build.log`,
  },
  {
    source: 'koji_build_targets',
    column: 'build_submission_stdout',
    table: 'koji_build_targets',
    keyColumn: 'submission_log_key',
    keyOf: (id) => `koji/${id}/submission.log`,
  },
  {
    source: 'sync_release_run_targets',
    column: 'logs',
    table: 'sync_targets',
    keyColumn: 'log_key',
    keyOf: (id) => `sync/${id}/sync.log`,
  },
]

/** So many rows, or bytes, are in memory at a time. */
const PIECE_ROWS = 500
const PIECE_BYTES = 8 * 2 ** 20
/** A longer text is read by parts. */
const PART_CHARACTERS = 4 * 2 ** 20
const AT_A_TIME = 8

interface Waiting {
  id: number
  bytes: number
}

export interface TextContext {
  session: Session
  source: Source
  put: PutText
  signal: AbortSignal | undefined
  onPiece(tx: Db, table: string, done: number): Promise<void>
}

/** Copies the texts of rows that have none yet, piece by piece; the row names its text once that is there. */
export async function copyTexts(context: TextContext, text: LongText): Promise<number> {
  let done = 0
  let last = -1
  for (;;) {
    context.signal?.throwIfAborted()
    const piece = await nextPiece(context.session, text, last)
    const end = piece.at(-1)
    if (!end) return done
    await putPiece(context, text, piece)
    last = end.id
    done += piece.length
    await context.session.transaction(async (tx) => {
      await nameTexts(tx, text, piece)
      await context.onPiece(tx, `texts of ${text.table}`, done)
    })
  }
}

async function nextPiece(session: Session, text: LongText, last: number): Promise<Waiting[]> {
  const rows = await session.run<{ id: string | number; bytes: string | number }>(`
    select s.id, s.${text.column} as bytes from ${staged(text.source)} s join ${text.table} t on t.id = s.id
    where s.${text.column} is not null and t.${text.keyColumn} is null and t.imported_at is not null and s.id > ${last}
    order by s.id limit ${PIECE_ROWS}`)
  let sum = 0
  const waiting = rows.map(({ id, bytes }) => ({ id: Number(id), bytes: Number(bytes) }))
  return waiting.filter(({ bytes }, n) => {
    sum += bytes
    return n === 0 || sum <= PIECE_BYTES
  })
}

async function putPiece({ source, put }: TextContext, text: LongText, piece: readonly Waiting[]): Promise<void> {
  const [first] = piece
  if (first && first.bytes > PIECE_BYTES) return put(text.keyOf(first.id), readParts(source, text, first.id))
  const rows = await source.query<{ id: number; text: string }>(
    `select id, ${text.column} as text from ${text.source} where id = any($1)`,
    [piece.map(({ id }) => id)],
  )
  for (let at = 0; at < rows.length; at += AT_A_TIME) {
    await Promise.all(rows.slice(at, at + AT_A_TIME).map((row) => put(text.keyOf(Number(row.id)), row.text)))
  }
}

async function* readParts(source: Source, text: LongText, id: number): AsyncGenerator<string> {
  for (let from = 1; ; from += PART_CHARACTERS) {
    const rows = await source.query<{ part: string }>(
      `select substr(${text.column}, $1, $2) as part from ${text.source} where id = $3`,
      [from, PART_CHARACTERS, id],
    )
    const part = rows[0]?.part ?? ''
    if (part === '') return
    yield part
  }
}

async function nameTexts(tx: Db, text: LongText, piece: readonly Waiting[]): Promise<void> {
  const values = sql.join(
    piece.map(({ id, bytes }) => sql`(${id}::bigint, ${text.keyOf(id)}, ${bytes}::bigint)`),
    sql`, `,
  )
  const size = text.sizeColumn ? sql.raw(`, ${text.sizeColumn} = v.size`) : sql``
  await query(
    tx,
    sql`update ${sql.raw(text.table)} t set ${sql.raw(text.keyColumn)} = v.key ${size}
      from (values ${values}) as v(id, key, size) where t.id = v.id`,
  )
}
