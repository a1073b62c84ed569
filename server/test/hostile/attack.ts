import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSandbox } from '../../src/sandbox/bubblewrap.ts'
import type { Limits, Sandbox, SandboxResult, SandboxTask } from '../../src/sandbox/sandbox.ts'

const MB = 1_048_576

/** Tight enough that an attack meets them within seconds. */
export const LIMITS: Limits = { timeMs: 15_000, memoryBytes: 512 * MB, processes: 48, diskBytes: 32 * MB, logBytes: MB }

/** How an attack ended, and what could be seen of it. */
export interface Contained extends SandboxResult {
  log: string
  /** Exit code of the script; undefined if it was ended. */
  status: number | undefined
  /** What became of each file that was to be handed out. */
  sent: Record<string, string>
  resultsDir: string
}

export interface Attack {
  script: string
  limits?: Partial<Limits>
  /** Files to hand out when the script has ended: name and path inside. */
  send?: [name: string, path: string][]
  task?: Partial<SandboxTask>
}

export interface Range {
  sandbox: Sandbox
  /** Runs an attack; at the same time another task runs beside it, which must not notice. */
  attack(attack: Attack): Promise<Contained>
  /** A folder of this range on the host, removed at the end. */
  dir: string
  [Symbol.asyncDispose](): Promise<void>
}

/** A sandbox with two slots, on which attacks are let loose. */
export function openRange(): Range {
  const sandbox = createSandbox({ parallel: 2 })
  const dir = mkdtempSync(join(tmpdir(), 'packit-hostile-'))
  return {
    sandbox,
    dir,
    async attack(given) {
      const [attacked, neighbour] = await Promise.all([run(sandbox, dir, given), run(sandbox, dir, NEIGHBOUR)])
      assert.deepEqual([neighbour.end, neighbour.status, neighbour.log], ['finished', 0, 'built\n'], 'the other slot')
      return attacked
    },
    async [Symbol.asyncDispose]() {
      await sandbox.close()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** A build that has nothing to do with the attack. */
const NEIGHBOUR: Attack = { script: 'echo done > /build/out; sleep 0.2; test "$(cat /build/out)" = done && echo built' }

async function run(sandbox: Sandbox, dir: string, { script, limits, send = [], task }: Attack): Promise<Contained> {
  const resultsDir = mkdtempSync(join(dir, 'results-'))
  const log: Buffer[] = []
  const result = await sandbox.run({
    program: join(import.meta.dirname, 'inside/script.ts'),
    input: { script, send },
    mounts: {},
    limits: { ...LIMITS, ...limits },
    network: false,
    results: [{ name: /[\w.-]+\.rpm/, maxBytes: MB }],
    resultsDir,
    onLog: (chunk) => void log.push(chunk),
    ...task,
  })
  const output = (result.output ?? {}) as { status?: number; sent?: Record<string, string> }
  const said = Buffer.concat(log).toString()
  return { ...result, log: said, status: output.status, sent: output.sent ?? {}, resultsDir }
}
