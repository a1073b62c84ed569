import { spawn } from 'node:child_process'
import { mkdtemp, open, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Limits } from '../../sandbox/sandbox.ts'
import { createGrowingLog, type GrowingLog } from '../../storage/growing-log.ts'
import type { Storage } from '../../storage/storage.ts'
import type { BuiltPackage, FoundTarget } from '../builder.ts'
import type { ChrootBuild } from '../in-process.ts'
import { RPM_NAME } from '../local/inside/rebuild-result.ts'
import { mockArguments } from './arguments.ts'
import { judgeMock } from './judge.ts'
import { readRpmHeader } from './rpm-header.ts'

export interface MockDeps {
  storage: Storage
  limits: Limits
  workDir?: string | undefined
  /** The program and what it is called with first. */
  command: readonly string[]
}

type Ended = Pick<FoundTarget, 'state' | 'reason' | 'end' | 'packages' | 'files'>

/** Nothing of the service's own. */
const ENVIRONMENT = { PATH: '/usr/bin:/bin:/usr/sbin:/sbin', LANG: 'C.UTF-8' }
const LOOK_MS = 300
const CHUNK_BYTES = 2 ** 20
const KILL_AFTER_MS = 30_000
/** mock itself says little; enough of it to see why it ended. */
const MOST_SAID = 65_536

/** Rebuilds one SRPM for one chroot by mock. */
export async function runMock(deps: MockDeps, { build, chroot, folder, signal, ...on }: ChrootBuild): Promise<Ended> {
  const resultDir = await mkdtemp(join(deps.workDir ?? tmpdir(), 'packit-mock-'))
  const log = createGrowingLog(deps.storage, `${folder}/build.log`, on.onLog)
  try {
    const srpm = await deps.storage.localPath(build.srpm)
    const rootName = `packit-${build.id}`
    const call = { srpm, chroot, resultDir, rootName, limits: deps.limits, options: build.options }
    on.onStart()
    const ended = await callMock([...deps.command, ...mockArguments(call)], { resultDir, log, signal, deps })
    if (ended.isTooLong) return { state: 'failure', reason: 'its log grew larger than the limit', end: 'log-limit' }
    if (signal.aborted) return { state: 'canceled', end: 'canceled' }
    if (ended.logBytes === 0) log.add(await explainSilence(resultDir, ended.said))
    const judged = judgeMock(ended.exitCode, log.tail())
    if (judged.state !== 'success') return judged
    return await store(deps.storage, folder, resultDir, basename(srpm))
  } finally {
    await log.flush()
    await rm(resultDir, { recursive: true, force: true })
  }
}

interface Called {
  resultDir: string
  log: GrowingLog
  signal: AbortSignal
  deps: MockDeps
}

async function callMock([program = '', ...args]: string[], { resultDir, log, signal, deps }: Called) {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: ENVIRONMENT })
  const stop = () => {
    // it unmounts what it has mounted, which takes a moment
    child.kill('SIGTERM')
    setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS).unref()
  }
  signal.addEventListener('abort', stop, { once: true })
  let said = ''
  const hear = (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-MOST_SAID)
  }
  child.stdout.on('data', hear)
  child.stderr.on('data', hear)
  let exitCode: number | null | undefined
  const ended = new Promise<void>((resolve, reject) => {
    child.once('error', (error) => reject(new Error(`mock can't be run: ${error.message}`)))
    child.once('close', (code) => {
      exitCode = code
      resolve()
    })
  })
  if (signal.aborted) stop()
  let logBytes = 0
  let isTooLong = false
  while (exitCode === undefined) {
    await Promise.race([ended, sleep(LOOK_MS, undefined, { ref: false })])
    logBytes += await copyNew(join(resultDir, 'build.log'), logBytes, log)
    if (!isTooLong && logBytes > deps.limits.logBytes) {
      isTooLong = true
      stop()
    }
  }
  signal.removeEventListener('abort', stop)
  return { exitCode, said, logBytes, isTooLong }
}

/** Hands on what was added to a log since. */
async function copyNew(path: string, from: number, log: GrowingLog): Promise<number> {
  const file = await open(path).catch(() => undefined)
  if (!file) return 0
  await using _closed = file
  let copied = 0
  for (;;) {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(CHUNK_BYTES), 0, CHUNK_BYTES, from + copied)
    if (bytesRead === 0) return copied
    log.add(buffer.subarray(0, bytesRead))
    copied += bytesRead
  }
}

/** Where nothing was built, the log of the root says why, or mock itself. */
async function explainSilence(resultDir: string, said: string): Promise<Buffer> {
  const root = await readFile(join(resultDir, 'root.log')).catch(() => Buffer.alloc(0))
  return Buffer.concat([root.subarray(-CHUNK_BYTES), Buffer.from(said)])
}

/** Copies the built packages, but not the SRPM that mock writes anew. */
async function store(storage: Storage, folder: string, resultDir: string, srpm: string): Promise<Ended> {
  const packages: BuiltPackage[] = []
  const files: string[] = []
  for (const name of (await readdir(resultDir)).sort()) {
    if (!RPM_NAME.test(name) || name.endsWith('.src.rpm') || name === srpm) continue
    const header = await readRpmHeader(join(resultDir, name))
    if (!header) continue
    packages.push(header)
    await storage.putFile(`${folder}/${name}`, join(resultDir, name))
    files.push(`${folder}/${name}`)
  }
  if (packages.length === 0) return { state: 'failure', reason: 'rpmbuild made no packages' }
  return { state: 'success', packages, files }
}
