import { addAudit } from '../../db/audit.ts'
import type { DataDeps } from '../data-commands.ts'
import { OPERATOR } from '../token-commands.ts'
import type { Manifest } from './manifest.ts'
import { writeArchive } from './write-archive.ts'

/** The part of a data command that writes an archive: whoever has the database open runs it. */
export interface ExportCommand {
  name: 'export'
  /** Absolute: the process that writes it may have another working directory. */
  folder: string
  /** An older archive whose files may be shared. */
  before: string | null
}

const count = (number: number) => number.toLocaleString('en')

/** What an archive holds, for people. */
export function describeArchive({ tables, jobs, storage, app }: Manifest): string {
  const rows = tables.reduce((all, table) => all + table.rows, 0)
  const megabytes = (storage.bytes / 1e6).toFixed(1)
  return [
    `${count(rows)} rows of ${tables.length} tables`,
    `${count(jobs.count)} jobs of the queue`,
    `${count(storage.objects)} files (${megabytes} MB)`,
    ...(app ? ['the GitHub App'] : []),
  ].join(', ')
}

type Deps = Pick<DataDeps, 'database' | 'storage' | 'now' | 'signal'> & { apps?: { path: string } }

/** Writes an archive of all that the service has, and notes it in the audit log. */
export async function exportData({ folder, before }: ExportCommand, deps: Deps): Promise<string[]> {
  const { database, storage, apps, now, signal } = deps
  if (!storage || !apps) throw new Error('who runs an export knows its storage and the App')
  const source = { database, storage, appPath: apps.path, now, signal }
  const manifest = await writeArchive(folder, source, before ?? undefined)
  await addAudit(database.db, { actor: OPERATOR, action: 'data.export', subject: folder, at: now() })
  return [`${folder}: ${describeArchive(manifest)}`]
}
