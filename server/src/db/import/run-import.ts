import type { Database } from '../database.ts'
import { forgetFilledUsageDays } from '../usage-days.ts'
import { beginImport, type Progress, writeProgress } from './begin.ts'
import { buildTables } from './build-tables.ts'
import { checkSource } from './check-source.ts'
import { deriveTables } from './derive.ts'
import { jobTables, pipelineTables } from './job-tables.ts'
import { otherTables, projectTables } from './project-tables.ts'
import { openSession, type Session } from './session.ts'
import type { Source } from './source.ts'
import { stageSource } from './stage.ts'
import { JSON_FUNCTIONS } from './table.ts'
import { copyTexts, LONG_TEXTS, type PutText } from './texts.ts'
import { listTold, summarizeTold, type ToldReason, type ToldRow, tellPackages, tellRows } from './told.ts'
import { recount, type Written, writeTable } from './write.ts'

export interface ImportOptions {
  source: Source
  put: PutText
  now: Date
  /** The import stops at the end of a piece, and throws what this was aborted with. */
  signal?: AbortSignal
  /** Rows a transaction; smaller ones make it stop sooner. */
  pieceRows?: number
  onProgress?(at: ImportProgress): void
  /** Takes the rows that could not be placed, or not whole, in parts. */
  onTold?(rows: ToldRow[]): Promise<void>
}

/** How far an import is. */
export interface ImportProgress {
  step: 'read' | 'prepare' | 'write' | 'texts'
  table: string
  /** Rows of the table that are done. */
  rows: number
  /** Rows of the source in all, of which these are done in this step. */
  of: number
  done: number
}

export interface ImportResult {
  /** Which run of this import it was; the first has 1. */
  run: number
  /** Whether an earlier run had been broken off. */
  wasBrokenOff: boolean
  warnings: string[]
  sourceRows: number
  border: number
  /** What was written, by our table. */
  tables: Record<string, Written>
  texts: number
  told: ToldReason[]
}

const PIECE_ROWS = { postgres: 100_000, embedded: 10_000 } as const

/**
 * Brings our database to what a Packit Service database has: all of it at the first run, at later ones what is new and
 * what changed. What is there already is found by its id, so a run may be broken off anywhere and repeated.
 *
 * @throws {SetupError} when the source is no such database, or ours has a history of its own
 */
export async function runImport(database: Database, options: ImportOptions): Promise<ImportResult> {
  const checked = await checkSource(options.source)
  const session = await openSession(database)
  try {
    return await new ImportRun(session, options, checked.rows).run(checked)
  } finally {
    await session.close()
  }
}

class ImportRun {
  readonly #session: Session
  readonly #options: ImportOptions
  readonly #sourceRows: number
  #done = 0

  constructor(session: Session, options: ImportOptions, rows: Record<string, number>) {
    this.#session = session
    this.#options = options
    this.#sourceRows = Object.values(rows).reduce((sum, count) => sum + count, 0)
  }

  async run({ warnings, largestId }: Awaited<ReturnType<typeof checkSource>>): Promise<ImportResult> {
    const session = this.#session
    const { source, onTold } = this.#options
    const row = await beginImport(session, source.name, largestId)
    const progress: Progress = { run: (row.progress?.run ?? 0) + 1, isDone: false, tables: {} }
    await session.transaction((tx) => writeProgress(tx, row.id, progress))
    await this.#prepare(row.border)
    const tables = await this.#write(row.id, row.border, progress)
    const texts = await this.#texts(row.id, progress)
    await recount(session)
    if (tables.pipelines?.added) await session.transaction(forgetFilledUsageDays)
    await tellPackages(session, row.border)
    await session.transaction((tx) => writeProgress(tx, row.id, { ...progress, isDone: true }))
    if (progress.run === 1 || row.progress?.isDone === false) await session.run('analyze')
    for await (const rows of listTold(session)) await onTold?.(rows)
    return {
      run: progress.run,
      wasBrokenOff: row.progress?.isDone === false,
      warnings,
      sourceRows: this.#sourceRows,
      border: row.border,
      tables,
      texts,
      told: await summarizeTold(session),
    }
  }

  async #prepare(border: number): Promise<void> {
    const session = this.#session
    const before = new Map<string, number>()
    await stageSource(session, this.#options.source, (_, table, rows) => {
      this.#done += rows - (before.get(table) ?? 0)
      before.set(table, rows)
      this.#tell('read', table, rows)
    })
    for (const statement of JSON_FUNCTIONS) await session.run(statement)
    this.#done = 0
    await deriveTables(session, border, (table) => this.#tell('prepare', table, 0))
    this.#tell('prepare', 'told', 0)
    await tellRows(session, border)
  }

  async #write(id: number, border: number, progress: Progress): Promise<Record<string, Written>> {
    const { now, pieceRows = PIECE_ROWS[this.#session.kind] } = this.#options
    const written: Record<string, Written> = {}
    const all = [projectTables, buildTables, jobTables, otherTables, pipelineTables].flatMap((list) => list(border))
    for (const table of all) {
      const before = this.#done
      written[table.table] = await writeTable(
        {
          session: this.#session,
          border,
          at: now,
          pieceRows,
          signal: this.#options.signal,
          onPiece: async (tx, name, done) => {
            progress.tables[name] = done
            await writeProgress(tx, id, progress)
            this.#done = before + done.added
            this.#tell('write', name, done.added)
          },
        },
        table,
      )
    }
    return written
  }

  async #texts(id: number, progress: Progress): Promise<number> {
    const { source, put } = this.#options
    let texts = 0
    for (const text of LONG_TEXTS) {
      texts += await copyTexts(
        {
          session: this.#session,
          source,
          put,
          signal: this.#options.signal,
          onPiece: async (tx, name, done) => {
            progress.tables[name] = { added: done, changed: 0, last: 0 }
            await writeProgress(tx, id, progress)
            this.#tell('texts', name, done)
          },
        },
        text,
      )
    }
    return texts
  }

  #tell(step: ImportProgress['step'], table: string, rows: number): void {
    this.#options.onProgress?.({ step, table, rows, of: this.#sourceRows, done: this.#done })
    if (step === 'read' || step === 'prepare') this.#options.signal?.throwIfAborted()
  }
}
