import { join } from 'node:path'
import { findRun } from '../../server/src/db/runs.ts'
import { hasEnded, type State } from '../../server/src/domain/status.ts'
import { startApiServer } from '../api-process.ts'
import { type Case, openFolder, Samples } from '../measure.ts'
import { branchOff, delivery, openSample, openService, StreamClient } from '../service.ts'

const LOG_MB = 100
const PART_MB = 8
const ROUNDS = 3

const LINES = 20
const LINES_EVERY_S = 0.2

/** How fast logs are served, and how soon a line is seen. */
export const logsCase: Case = {
  name: 'logs',
  title: 'Logs',
  method: `A log of ${LOG_MB} MB, whole and by ranges of ${PART_MB} MB one after the other, from a server in another process; beside it the same file
by a bare \`node:http\` server. Then a build that prints ${LINES} lines, ${LINES_EVERY_S} s apart, each with the time: from when the line is printed in
the sandbox until the message that tells of it reaches a client of \`/api/stream\`, and until its text has been fetched by range.`,
  async run(say) {
    const samples = new Samples()
    await measureSpeed(samples)
    say(`${LOG_MB} MB`)
    await measureDelay(samples)
    say(`${LINES} lines`)
    return samples.figures
  },
}

async function measureSpeed(samples: Samples): Promise<void> {
  await using server = await startApiServer({ kind: 'embedded', factor: 0.0005, logBytes: LOG_MB * 2 ** 20 })
  const log = `${server.url}/api/srpm-builds/1/log`
  for (let round = 0; round < ROUNDS; round += 1) {
    const plain = await speed(() => read(server.plainUrl))
    const whole = await speed(() => read(log))
    const parts = await speed(() => readByParts(log))
    samples.add('bare server, whole', 'MB/s', plain)
    samples.add('ours, whole', 'MB/s', whole)
    samples.add('ours, by ranges', 'MB/s', parts)
    samples.add('whole to bare', 'x', whole / plain)
    samples.add('ranges to bare', 'x', parts / plain)
  }
}

/** MB a second; throws when not every byte came. */
async function speed(readAll: () => Promise<number>): Promise<number> {
  const start = performance.now()
  const bytes = await readAll()
  if (bytes !== LOG_MB * 2 ** 20) throw new Error(`of ${LOG_MB} MB came ${bytes} bytes`)
  return LOG_MB / ((performance.now() - start) / 1000)
}

async function read(url: string, headers: Record<string, string> = {}): Promise<number> {
  const response = await fetch(url, { headers: { 'accept-encoding': 'identity', ...headers } })
  let bytes = 0
  for await (const chunk of response.body ?? []) bytes += chunk.length
  return bytes
}

async function readByParts(url: string): Promise<number> {
  const part = PART_MB * 2 ** 20
  let bytes = 0
  for (let start = 0; start < LOG_MB * 2 ** 20; start += part) {
    bytes += await read(url, { range: `bytes=${start}-${start + part - 1}` })
  }
  return bytes
}

const TALKING = `%build\nfor i in $(seq ${LINES}); do echo "printed at $(date +%s%3N)"; sleep ${LINES_EVERY_S}; done\n`

async function measureDelay(samples: Samples): Promise<void> {
  await using folder = await openFolder()
  const repository = await openTalking(join(folder.dir, 'hello'))
  await using opened = await openService(folder.dir)
  using stream = await StreamClient.open(opened.url)
  const fetched: Fetched[] = []
  const ended = stream.find(({ kind, state }) => kind === 'run' && hasEnded(state as State))
  await (await fetch(delivery(opened.url, await branchOff(repository, 1)))).text()
  const { id } = await stream.find(({ kind, step }) => kind === 'log' && step === 'build')
  const log = `${opened.url}/api/copr-builds/${id}/log`
  const following = followLog(log, stream, fetched)
  const { run: runId } = await ended
  await following
  const run = await findRun(opened.service.database.db, runId ?? 0)
  if (run?.targets.some(({ state }) => state === 'failure')) throw new Error('the build that prints lines failed')
  const text = await (await fetch(log)).text()
  const told = stream.seen.filter(({ kind, step }) => kind === 'log' && step === 'build')
  for (const { printedAt, end } of printedLines(text)) {
    const message = told.find(({ size = 0 }) => size >= end)
    const part = fetched.find(({ size }) => size >= end)
    if (!message || !part) throw new Error(`nothing told of the log's byte ${end}`)
    samples.add('line printed until the stream tells of it', 'ms', message.clockMs - printedAt)
    samples.add('line printed until its text is there', 'ms', part.clockMs - printedAt)
  }
}

/** The sample, whose build prints the time again and again. */
async function openTalking(path: string) {
  const repository = await openSample(path)
  const spec = repository.git('show', 'HEAD:hello.spec').replace('%build\n', TALKING)
  await repository.commit({ 'hello.spec': `${spec}\n` }, 'Talk')
  return repository
}

interface Fetched {
  /** How much of the log was there, in bytes, and when. */
  size: number
  clockMs: number
}

/** Fetches what is new whenever the stream tells of it, as a page does, until the build's step has ended. */
async function followLog(url: string, stream: StreamClient, fetched: Fetched[]): Promise<void> {
  let size = 0
  for (let next = 0; ; next += 1) {
    const change = await stream.find(
      ({ kind, step, state }) => (kind === 'log' && step === 'build') || (kind === 'build' && hasEnded(state as State)),
      { from: next },
    )
    next = stream.seen.indexOf(change)
    const response = await fetch(`${url}?from=${size}`)
    size += (await response.bytes()).length
    fetched.push({ size, clockMs: Date.now() })
    if (change.kind === 'build') return
  }
}

/** The lines that say when they were printed, and where in the log they end. */
function printedLines(log: string): { printedAt: number; end: number }[] {
  const lines = [...log.matchAll(/^printed at (\d+)\n/gm)]
  if (lines.length !== LINES) throw new Error(`${lines.length} of ${LINES} lines are in the log:\n${log.slice(-2000)}`)
  return lines.map((line) => ({
    printedAt: Number(line[1]),
    end: Buffer.byteLength(log.slice(0, line.index + line[0].length)),
  }))
}
