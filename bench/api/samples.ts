// Values that parameters of the API can have in a generated database: for each a common one first, then a rare one.
import { sql } from 'drizzle-orm'
import { type Database, query } from '../../server/src/db/database.ts'
import { WORDS } from '../data/pick.ts'
import { CHROOTS } from '../data/upstream.ts'

export interface ParameterSchema {
  type?: string
  enum?: string[]
  format?: string
}

/** Values of a parameter by its name; `schema` is that of the document. */
export type Samples = (name: string, schema: ParameterSchema) => string[]

interface Found {
  busy: string
  idle: string
  package: string | null
  commit: string
  rarePr: number
  /** Two runs of one project. */
  run: number
  otherRun: number
  middle: number
  newest: number
}

/** Looks up what the database has. */
export async function findSamples(database: Database): Promise<{ samples: Samples; projects: string[] }> {
  const rows = await query<Found>(
    database.db,
    sql`select
      (select forge || '/' || path from projects where forge <> 'src.fedoraproject.org' order by prs_handled desc limit 1) as busy,
      (select forge || '/' || path from projects where prs_handled > 0 order by prs_handled, id limit 1) as idle,
      (select package from pipelines where package <> '' order by id desc limit 1) as package,
      (select commit_sha from project_events where id >= (select max(id) / 2 from project_events) order by id limit 1) as commit,
      (select min(id) from pipelines where id = merged_run_id and project_id = 1) as run,
      (select max(id) from pipelines where id = merged_run_id and project_id = 1) as "otherRun",
      (select max(number) from triggers where kind = 'pull_request') as "rarePr",
      (select extract(epoch from created_at)::float8 from project_events where id >= (select max(id) / 2 from project_events) order by id limit 1) as middle,
      (select extract(epoch from max(created_at))::float8 from project_events) as newest`,
  )
  const found = rows[0]
  if (!found) throw new Error('the database is empty')
  const projects = await query<{ path: string }>(
    database.db,
    sql`select forge || '/' || path as path from projects where prs_handled > 0 order by prs_handled desc, id limit 40`,
  )
  return { samples: sampleBy(found), projects: projects.map(({ path }) => path) }
}

/** Every filter of every list needs its values here; one without them fails loudly. */
function sampleBy(found: Found): Samples {
  const values: Record<string, string[]> = {
    project: [found.busy, found.idle],
    namespace: ['rpms', 'team-0'],
    forge: ['github.com', 'codeberg.org'],
    pr: ['2', String(found.rarePr)],
    issue: ['1'],
    branch: ['main', 'epel10.1'],
    release: ['1.1', 'v1.1'],
    commit: [found.commit, found.commit.slice(0, 8)],
    target: [CHROOTS[0] ?? '', 'mageia-9-x86_64', 'f45'],
    package: [found.package ?? 'none', 'no-such-package'],
    identifier: ['extra', 'experimental'],
    q: [WORDS[0], 'nothing-like-this'],
    scratch: ['true', 'false'],
    source: ['github', 'git'],
    event: ['pull_request', 'release'],
    state: ['decided', 'failed'],
    a: [String(found.run), String(found.run)],
    b: [String(found.otherRun), String(found.otherRun)],
  }
  return (name, schema) => {
    if (name === 'since' || name === 'until') {
      const times =
        name === 'since' ? [found.middle, found.newest - 86_400] : [found.middle, found.newest - 150_000_000]
      return times.map((time) => toTime(time, schema))
    }
    if (schema.enum) return chooseWords(schema.enum)
    if (name === 'status') return ['success', 'retry']
    const given = values[name]
    if (!given) throw new Error(`bench/api/samples.ts has no values for the parameter ${name}`)
    return given
  }
}

/** A word that most rows have, and one that few have. */
function chooseWords(words: string[]): string[] {
  const common = words.find((word) => ['success', 'passed', 'finished', 'succeeded', 'complete'].includes(word))
  const rare = words.find((word) => ['error', 'running', 'queued'].includes(word))
  return [common ?? words[0] ?? '', rare ?? words.at(-1) ?? '']
}

function toTime(seconds: number, { type, format }: ParameterSchema): string {
  if (type === 'integer' || type === 'number') return String(Math.floor(seconds))
  const text = new Date(seconds * 1000).toISOString()
  return format === 'date' ? text.slice(0, 10) : text
}
