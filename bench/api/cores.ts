import { execFile } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Which core each side has for itself; `undefined` where a program can't be bound to one, or there is one only. */
export interface Cores {
  /** PostgreSQL. */
  database: number
  /** Who asks it: the server, or `pgbench`. */
  client: number
}

export async function findCores(): Promise<Cores | undefined> {
  if (availableParallelism() < 2) return undefined
  const cores: Cores = { database: 0, client: 1 }
  const works = (core: number) =>
    run('taskset', ['-c', String(core), 'true']).then(
      () => true,
      () => false,
    )
  return (await works(cores.database)) && (await works(cores.client)) ? cores : undefined
}

/** What a command line begins with to run on one core. */
export function onCore(core: number | undefined): string[] {
  return core === undefined ? [] : ['taskset', '-c', String(core)]
}
