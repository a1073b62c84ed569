import { createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { Command } from 'commander'
import { type Config, readConfig, wantsNoColor } from '../config.ts'
import type { Database } from '../db/database.ts'
import { finishImport } from '../db/import/begin.ts'
import { type ImportResult, runImport } from '../db/import/run-import.ts'
import { openSource, type Source } from '../db/import/source.ts'
import type { ToldRow } from '../db/import/told.ts'
import { SetupError } from '../domain/errors.ts'
import { bringBack } from './archive/restore.ts'
import { ImportPrinter, resultLines } from './import-text.ts'
import { openDatabase } from './open-database.ts'
import { openStorage } from './open-storage.ts'
import { stopOnSignals } from './stop.ts'
import { standardOutput } from './terminal.ts'

interface Options {
  fromPackit?: string
  finish?: true
  report?: string
}

export function importCommand(): Command {
  return new Command('import')
    .description('bring an export in, or copy the history of an existing Packit Service; the latter may be repeated')
    .argument(
      '[source]',
      'a folder that `export` made, or the Packit Service database, postgres://user:password@host/database: ' +
        'only read, by an account that may do no more',
    )
    .option('--from-packit <url>', 'the same as an address as source')
    .option('--finish', 'from now on there is only a history of our own; with an address after a last run')
    .option(
      '--report <file>',
      'where rows are written that could not be placed, or not whole (default: in the data directory)',
    )
    .action(chooseSource)
}

/** A folder is an export of this program; an address is a database of the existing service. */
async function chooseSource(given: string | undefined, options: Options): Promise<void> {
  if (given !== undefined && options.fromPackit !== undefined) {
    throw new SetupError('give one source: a folder that "packit-service export" made, or an address')
  }
  if (given === undefined || URL.canParse(given)) return importHistory(given ?? options.fromPackit, options)
  if (options.finish || options.report !== undefined) {
    throw new SetupError('--finish and --report belong to the import of a Packit Service database, not to a folder')
  }
  return bringBack(given)
}

async function importHistory(url: string | undefined, options: Options): Promise<void> {
  if (url === undefined && !options.finish) {
    throw new SetupError(
      'say which database to import: packit-service import postgres://user:password@host/database\n' +
        'or which export: packit-service import FOLDER',
    )
  }
  const config = readConfig()
  const source = url === undefined ? undefined : await openSource(url)
  try {
    const { database, close } = await openDatabase(config, (line) => console.error(line))
    try {
      if (source) await importFrom(source, database, config, options)
      if (options.finish) console.log(`the import from ${await finishImport(database.db, new Date())} is finished`)
    } finally {
      await close()
    }
  } finally {
    await source?.close()
  }
}

async function importFrom(source: Source, database: Database, config: Config, options: Options): Promise<void> {
  const output = standardOutput(process.stdout, wantsNoColor())
  const printer = new ImportPrinter(output)
  const storage = openStorage(config)
  const file = options.report ?? join(config.dataDir, 'import-report.tsv')
  const report = await openReport(file, config.dataDir)
  const startedAt = Date.now()
  let result: ImportResult
  try {
    result = await runImport(database, {
      source,
      now: new Date(),
      signal: stopOnSignals().signal,
      put: (key, text) => storage.put(key, typeof text === 'string' ? text : Readable.from(text)),
      onProgress: (at) => printer.show(at, Date.now()),
      onTold: (rows) => report.write(rows),
    })
  } finally {
    printer.clear()
    await report.close()
  }
  for (const warning of result.warnings) console.error(`packit-service: ${warning}`)
  output.write(`${resultLines(result, { source: source.name, report: file, ms: Date.now() - startedAt }).join('\n')}\n`)
}

/** One line a row: what became of it, its table, its id, why. */
async function openReport(file: string, dataDir: string) {
  await mkdir(dataDir, { recursive: true })
  const stream = createWriteStream(file)
  // told by `finished`, whenever it happens
  const failure = finished(stream).catch((error: Error) => {
    throw new SetupError(`the report ${file} can't be written: ${error.message}`, { cause: error })
  })
  failure.catch(() => {})
  stream.write('outcome\ttable\tid\treason\n')
  return {
    async write(rows: ToldRow[]) {
      const lines = rows.map(({ outcome, source, id, reason }) => `${outcome}\t${source}\t${id}\t${reason}\n`)
      if (!stream.write(lines.join('')))
        await Promise.race([failure, new Promise<void>((done) => stream.once('drain', () => done()))])
    },
    async close() {
      stream.end()
      await failure
    },
  }
}
