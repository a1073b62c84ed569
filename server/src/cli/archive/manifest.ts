import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import Type, { type Static } from 'typebox'
import { Value } from 'typebox/value'
import type { MovedTable } from '../../db/archive/tables.ts'
import { SetupError } from '../../domain/errors.ts'

/** Raised when an older program could not read what we write. */
export const FORMAT = 1

const Count = Type.Integer({ minimum: 0 })
const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' })
const Name = Type.String({ pattern: '^[a-z][a-z0-9_]*$' })
const File = Type.Object({ bytes: Count, sha256: Sha256 })
const Sequence = Type.Object({ last: Type.Integer(), isCalled: Type.Boolean() })

/** What an archive holds; written last, so an archive without it is not complete. */
const ManifestSchema = Type.Object({
  format: Type.Literal(FORMAT),
  /** Of the program that wrote it. */
  version: Type.String(),
  createdAt: Type.String(),
  from: Type.Union([Type.Literal('embedded'), Type.Literal('postgres')]),
  /** The newest migration of its tables, by its time. */
  level: Count,
  tables: Type.Array(
    Type.Object({
      ...{ name: Name, columns: Type.Array(Name), rows: Count, file: Type.Union([File, Type.Null()]) },
      sequence: Type.Union([Sequence, Type.Null()]),
    }),
  ),
  jobs: Type.Object({ count: Count, file: File }),
  storage: Type.Object({ objects: Count, bytes: Count, file: File }),
  /** Repositories that show another folder. */
  publications: Type.Array(Type.Object({ from: Type.String(), to: Type.String() })),
  /** The GitHub App that `/setup` made. */
  app: Type.Union([File, Type.Null()]),
})

export type Manifest = Static<typeof ManifestSchema>
export type FileSum = Static<typeof File>
export type KeptTable = MovedTable & { rows: number; file: FileSum | null }

export const MANIFEST = 'manifest.json'
export const JOBS = 'jobs.jsonl'
export const OBJECTS = 'storage.jsonl'
export const APP = 'github-app.json'
export const tableFile = (table: string) => `tables/${table}.copy`
export const objectFile = (key: string) => `storage/${key}`

/**
 * Reads what an archive says of itself.
 *
 * @throws {SetupError} when it is none, is not complete, or is of a kind that this program doesn't know
 */
export async function readManifest(folder: string): Promise<Manifest> {
  const text = await readFile(join(folder, MANIFEST), 'utf8').catch((error: NodeJS.ErrnoException) => {
    const why =
      error.code === 'ENOENT'
        ? `it has no ${MANIFEST}: it was not made by "packit-service export" or "backup", or that did not come to its end`
        : error.message
    throw new SetupError(`${folder} can't be imported: ${why}`)
  })
  const found = parse(text)
  if (typeof found?.format === 'number' && found.format > FORMAT) {
    throw new SetupError(
      `${folder} was made by a newer version of this program (${found.version}): update it, then import`,
    )
  }
  if (!Value.Check(ManifestSchema, found)) {
    const [problem] = Value.Errors(ManifestSchema, found)
    const where = problem ? `: ${problem.instancePath || 'all of it'} ${problem.message}` : ''
    throw new SetupError(`${folder} can't be imported: its ${MANIFEST} is damaged${where}`)
  }
  return found
}

function parse(text: string): { format?: unknown; version?: unknown } | undefined {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
