import autocannon from 'autocannon'
import type { DatabaseKind } from '../../server/test/database.ts'
import { databaseKinds } from '../../server/test/database.ts'
import { startApiServer } from '../api-process.ts'
import { WORDS } from '../generate.ts'
import { type Case, Samples } from '../measure.ts'

const RUNS: Record<DatabaseKind, number> = { embedded: 2_000, postgres: 20_000 }
const ROUNDS = 3
const SECONDS = 1
const CONNECTIONS = 16

/** What the pages and other people's programs ask for most. */
export const apiCase: Case = {
  name: 'api',
  title: 'The API',
  method: `autocannon with ${CONNECTIONS} connections asks for one address (its number, page or word changes from request to request) of a server
in another process on the same machine, ${ROUNDS} rounds of ${SECONDS} s in turn, on a generated database: ${RUNS.embedded.toLocaleString('en')} runs on the embedded one
and, where PostgreSQL is installed, ${RUNS.postgres.toLocaleString('en')} there. The ratio is to \`/api/healthz\`, which asks the database nothing, in the same
round. Both sides share the cores, so a server alone does more.`,
  async run(say) {
    const samples = new Samples()
    for (const kind of databaseKinds) {
      say(`making a database of ${RUNS[kind]} runs (${kind})`)
      await using server = await startApiServer({ kind, runs: RUNS[kind] })
      await measure(server.url, kind, samples)
      say(`${ROUNDS} rounds on ${kind}`)
    }
    return samples.figures
  },
}

async function measure(url: string, kind: DatabaseKind, samples: Samples): Promise<void> {
  const all = addresses(RUNS[kind])
  for (const paths of Object.values(all)) await ask(url, paths, 0.5)
  for (let round = 0; round < ROUNDS; round += 1) {
    let alive = Number.NaN
    for (const [name, paths] of Object.entries(all)) {
      const { requests, latency } = await ask(url, paths, SECONDS)
      if (name === HEALTH) alive = requests.average
      samples.add(`${kind}: ${name}`, '/s', requests.average)
      samples.add(`${kind}: ${name}, p50`, 'ms', latency.p50)
      samples.add(`${kind}: ${name}, p99`, 'ms', latency.p99)
      if (name !== HEALTH) samples.add(`${kind}: ${name}, to healthz`, 'x', requests.average / alive)
    }
  }
}

const HEALTH = '/api/healthz'

/** The address that others are compared with comes first. */
function addresses(runs: number): Record<string, string[]> {
  const some = Array.from({ length: 20 }, (_, i) => 1 + Math.floor((i * runs) / 20))
  const pages = [1, 2, 3, 4, 5]
  return {
    [HEALTH]: [HEALTH],
    '/api/runs': pages.map((page) => `/api/runs?page=${page}`),
    '/api/runs/merged/{id}': some.map((id) => `/api/runs/merged/${id}`),
    '/api/copr-builds': pages.map((page) => `/api/copr-builds?page=${page}`),
    '/api/projects?q=': WORDS.map((word) => `/api/projects?q=${word}`),
  }
}

/** @throws {Error} when an answer is not 2xx: what refuses is not fast */
async function ask(url: string, paths: string[], seconds: number) {
  const requests = paths.map((path) => ({ method: 'GET' as const, path }))
  const result = await autocannon({ url, connections: CONNECTIONS, duration: seconds, requests })
  const { errors, timeouts, non2xx } = result
  if (errors + timeouts + non2xx > 0) {
    throw new Error(`${paths[0]}: ${errors} errors, ${timeouts} time-outs, ${non2xx} answers that are not 2xx`)
  }
  return result
}
