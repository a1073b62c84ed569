import autocannon, { type Result } from 'autocannon'
import pg from 'pg'
import { startCluster } from '../../server/src/cli/postgres-cluster.ts'
import { type DatabaseKind, databaseKinds } from '../../server/test/database.ts'
import { type Cores, findCores, onCore } from '../api/cores.ts'
import { hasPgbench, measurePgbench } from '../api/pgbench.ts'
import { DEEP_PAGE, type Operation } from '../api/requests.ts'
import { type ApiServer, startApiServer } from '../api-process.ts'
import { type Case, type Grid, median, Samples, type Settings } from '../measure.ts'

const CONNECTIONS = 16
/** An answer that takes longer counts as none, in seconds. */
const TIMEOUT_S = 60
/** Nothing is asked for longer, in seconds. */
const LONGEST_S = 10

/** What the embedded database is measured with: it is for one machine and few projects. */
const EMBEDDED_SHARE = 0.1

/** Enough for a table's upper levels of all indexes; the system's own cache has the rest. */
const POSTGRES = ['shared_buffers=1GB', 'work_mem=16MB', 'max_wal_size=8GB', 'autovacuum=off', 'max_connections=100']

interface Round {
  rounds: number
  /** Seconds of each measurement. */
  seconds: number
}

/** Every operation of the API, as its document has it. */
export const apiCase: Case = {
  name: 'api',
  title: 'The API',
  method: `autocannon with ${CONNECTIONS} connections asks for the addresses of one operation in turn, of a server in another process on
the same machine, on a generated database. "Statements" and "rows read" are those of one request: rows taken from tables and
indexes, by \`explain (analyze)\`. "To pgbench" is the rate divided by that of \`pgbench -n -M prepared\`, which sends the very same
statements with the same parameters and drops the answers. Both are measured in turn. A list is asked for its first page of ten,
for the page after page ${DEEP_PAGE.toLocaleString('en')} (or its deepest) by cursor, and with each single filter in turn. Where \`taskset\` is installed, PostgreSQL
has one core for itself and who asks it (our server, or pgbench) the other; autocannon takes what is left of both.`,
  async run(say, settings) {
    const cores = await findCores()
    const samples = new Samples()
    const grids: Grid[] = []
    const measure = async (kind: DatabaseKind, factor: number, first?: Measured[]) => {
      const found = await measureAt(kind, factor, { say, settings, cores, samples, first })
      grids.push(found.grid)
      return found.measured
    }
    const factor = settings.quick ? 0.02 : 1
    if (databaseKinds.includes('postgres')) {
      const first = await measure('postgres', factor)
      if (settings.factor !== 1) await measure('postgres', factor * settings.factor, first)
    }
    await measure('embedded', factor * EMBEDDED_SHARE)
    return { figures: samples.figures, grids }
  },
}

interface Measured {
  operation: Operation
  rate: number
  p50: number
  p99: number
  toPgbench: number | null
}

interface Context {
  say: (line: string) => void
  settings: Settings
  cores: Cores | undefined
  samples: Samples
  /** The same with less data. */
  first: Measured[] | undefined
}

/** All operations on one database. */
async function measureAt(kind: DatabaseKind, factor: number, context: Context) {
  const { say, settings, cores, samples, first } = context
  const url = kind === 'postgres' ? await prepareDatabase(factor, context) : undefined
  say(`${kind}: making the data of factor ${factor}${cores ? '' : '; no program is bound to a core here'}`)
  await using server = await startApiServer({
    kind,
    factor,
    ...(url ? { databaseUrl: url } : {}),
    lookUp: true,
    core: cores?.client,
  })
  const round = settings.quick ? { rounds: 1, seconds: 0.3 } : { rounds: 1, seconds: 1 }
  const bench = url !== undefined && (await hasPgbench()) ? { url, core: cores?.client } : undefined
  const measured: Measured[] = []
  for (const operation of server.operations) {
    if (operation.failure !== undefined) {
      say(`${kind}: ${describe(operation)}: answers ${operation.failure}`)
      continue
    }
    measured.push(await measureOne(server, operation, round, bench))
    say(`${kind}: ${describe(operation)}: ${Math.round(measured.at(-1)?.rate ?? 0)} a second`)
  }
  summarizeAll(`${kind}, factor ${factor}`, measured, samples)
  const again = first && compare(measured, first)
  for (const ratio of again?.values() ?? [])
    samples.add(`${kind}: factor ${factor}, time to the smaller one`, 'x', ratio)
  return { measured, grid: toGrid(`${kind}, factor ${factor}`, server, measured, again) }
}

/** A database of its own in a cluster of its own, or the one that was named. */
async function prepareDatabase(factor: number, { settings, cores, first }: Context): Promise<string> {
  if (settings.database !== undefined && first === undefined) return settings.database
  const cluster = await startCluster({ settings: POSTGRES, prefix: onCore(cores?.database) })
  const name = `bench_${String(factor).replace('.', '_')}`
  const client = new pg.Client({ connectionString: cluster.urlOf('postgres') })
  await client.connect()
  await client.query(`create database ${name}`)
  await client.end()
  return cluster.urlOf(name)
}

async function measureOne(
  { url }: ApiServer,
  operation: Operation,
  { rounds, seconds }: Round,
  bench: { url: string; core: number | undefined } | undefined,
): Promise<Measured> {
  await ask(url, operation.addresses, seconds / 2)
  const results: Result[] = []
  const rates: number[] = []
  // what keeps its answer for a while asks the database sometimes only
  const asksDatabase = operation.requests.every((statements) => statements.length > 0)
  for (let round = 0; round < rounds; round += 1) {
    results.push(await ask(url, operation.addresses, seconds))
    if (bench === undefined || !asksDatabase) continue
    // pgbench counts whole seconds
    rates.push(
      await measurePgbench(chooseRequests(operation), { ...bench, clients: CONNECTIONS, seconds: Math.ceil(seconds) }),
    )
  }
  const rate = median(results.map(({ requests, duration }) => requests.total / duration))
  return {
    operation,
    rate,
    p50: median(results.map(({ latency }) => latency.p50)),
    p99: median(results.map(({ latency }) => latency.p99)),
    toPgbench: rates.length > 0 ? rate / median(rates) : null,
  }
}

/** The statements of a detail are the same for each id: a few of them will do. */
function chooseRequests({ kind, requests }: Operation) {
  if (kind !== 'detail') return requests
  return requests.filter((_, i) => i % Math.ceil(requests.length / 4) === 0)
}

/**
 * What is so slow that few were answered is asked for longer.
 *
 * @throws {Error} when an answer is not 2xx: what refuses is not fast
 */
async function ask(url: string, paths: string[], seconds: number): Promise<Result> {
  const requests = paths.map((path) => ({ method: 'GET' as const, path }))
  const result = await autocannon({ url, connections: CONNECTIONS, duration: seconds, timeout: TIMEOUT_S, requests })
  if (result.requests.total < 2 * CONNECTIONS && seconds < LONGEST_S) return ask(url, paths, 4 * seconds)
  const { errors, timeouts, non2xx } = result
  if (errors + timeouts + non2xx > 0) {
    throw new Error(`${paths[0]}: ${errors} errors, ${timeouts} time-outs, ${non2xx} answers that are not 2xx`)
  }
  return result
}

const WORDS: Record<Operation['kind'], string> = {
  health: '',
  list: '',
  cursor: ', deep by cursor',
  filters: ', each filter',
  detail: '',
  other: '',
}
const isOfList = ({ kind }: Operation) => kind === 'list' || kind === 'cursor' || kind === 'filters'
const describe = ({ name, kind }: Operation) => name + WORDS[kind]

/** What is to be kept, over all operations: a figure is one operation's. */
function summarizeAll(where: string, measured: readonly Measured[], samples: Samples): void {
  for (const { operation, rate, toPgbench } of measured) {
    if (operation.kind === 'detail') samples.add(`${where}: details`, '/s', rate)
    if (isOfList(operation)) samples.add(`${where}: lists`, '/s', rate)
    if (isOfList(operation) && toPgbench !== null) samples.add(`${where}: lists, to pgbench`, 'x', toPgbench)
    if (operation.kind !== 'cursor') continue
    const page = measured.find((other) => other.operation.kind === 'list' && other.operation.name === operation.name)
    if (page) samples.add(`${where}: deep page, time to that of page 1`, 'x', page.rate / rate)
  }
}

/** How many times as long each operation takes as with less data. */
function compare(measured: readonly Measured[], first: readonly Measured[]): Map<Operation, number> {
  const ratios = new Map<Operation, number>()
  for (const { operation, rate } of measured) {
    const before = first.find((other) => describe(other.operation) === describe(operation))
    if (before) ratios.set(operation, before.rate / rate)
  }
  return ratios
}

function toGrid(
  where: string,
  { rows, operations }: ApiServer,
  measured: readonly Measured[],
  again: ReadonlyMap<Operation, number> | undefined,
): Grid {
  const failed = operations.filter(({ failure }) => failure !== undefined)
  const counts = Object.entries(rows).map(
    ([table, count]) => `${count.toLocaleString('en')} ${table.replace('_', ' ')}`,
  )
  return {
    heading: `On ${where} (${counts.join(', ')}):`,
    columns: [
      { name: 'a second', unit: '/s' },
      { name: 'p50', unit: 'ms' },
      { name: 'p99', unit: 'ms' },
      { name: 'statements', unit: '' },
      { name: 'rows read', unit: '' },
      { name: 'to pgbench', unit: 'x' },
      ...(again ? [{ name: 'time to less data', unit: 'x' as const }] : []),
    ],
    rows: [
      ...measured.map(({ operation, rate, p50, p99, toPgbench }) => ({
        what: describe(operation),
        values: [
          rate,
          p50,
          p99,
          Math.max(...operation.requests.map((statements) => statements.length)),
          operation.rowsRead,
          toPgbench,
          ...(again ? [again.get(operation) ?? null] : []),
        ],
      })),
      ...failed.map((operation) => ({ what: `${describe(operation)}: answers ${operation.failure}`, values: [] })),
    ],
  }
}
