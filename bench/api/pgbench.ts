import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { openFolder } from '../measure.ts'
import { onCore } from './cores.ts'
import { toText } from './plans.ts'
import type { Statement } from './statements.ts'

const run = promisify(execFile)

interface Options {
  /** `postgres://user@localhost/name?host=<folder of the socket>`, or with a host. */
  url: string
  clients: number
  /** Whole ones. */
  seconds: number
  core: number | undefined
}

/** Is it installed? */
export async function hasPgbench(): Promise<boolean> {
  return run('pgbench', ['--version']).then(
    () => true,
    () => false,
  )
}

/** Seconds that are not counted: each connection prepares each statement, and plans it anew for the first five times. */
const WARM_UP_S = 2

/**
 * How many requests a second `pgbench` makes when it sends the statements of each in turn, prepared, with the very same
 * parameters, and does nothing with the answers.
 */
export async function measurePgbench(
  requests: Statement[][],
  { url, clients, seconds, core }: Options,
): Promise<number> {
  await using folder = await openFolder()
  const scripts: string[] = []
  const variables: string[] = []
  for (const [i, statements] of requests.entries()) {
    const file = join(folder.dir, `${i}.sql`)
    await writeFile(file, statements.map((statement, j) => toScript(statement, `v${i}_${j}_`, variables)).join(''))
    scripts.push('-f', file)
  }
  const { hostname, port, username, pathname, searchParams } = new URL(url)
  const [program = '', ...args] = [
    ...onCore(core),
    'pgbench',
    ...['-n', '-M', 'prepared', '-c', String(clients), '-j', '1', '-T', String(WARM_UP_S + seconds), '-P', '1'],
    ...['-h', searchParams.get('host') ?? hostname, ...(port ? ['-p', port] : []), '-U', username || 'postgres'],
    ...variables.flatMap((variable) => ['-D', variable]),
    ...scripts,
    pathname.slice(1),
  ]
  const { stdout, stderr } = await run(program, args, { maxBuffer: 2 ** 24 })
  const perSecond = [...stderr.matchAll(/^progress: .*?, ([0-9.]+) tps/gm)].map(([, rate]) => Number(rate))
  const counted = perSecond.slice(WARM_UP_S)
  if (counted.length === 0) throw new Error(`pgbench did not tell its rate:\n${stderr}${stdout}`)
  return counted.reduce((sum, rate) => sum + rate, 0) / counted.length
}

/** Parameters as variables, which `-M prepared` makes parameters again. */
function toScript({ text, values }: Statement, prefix: string, variables: string[]): string {
  for (const [i, value] of values.entries()) {
    const given = toText(value)
    if (given !== null) variables.push(`${prefix}${i + 1}=${given}`)
  }
  const script = text.replaceAll(/\$([0-9]+)/g, (_, n: string) =>
    toText(values[Number(n) - 1]) === null ? 'null' : `:${prefix}${n}`,
  )
  return `${script};\n`
}
