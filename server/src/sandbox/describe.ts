import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SetupError } from '../domain/errors.ts'
import { findAccount } from './accounts.ts'
import type { Sandbox, SandboxResult, SandboxTask } from './sandbox.ts'

type Description = Awaited<ReturnType<Sandbox['describe']>>
type Finding = Description['findings'][number]

const PROBE_LIMITS = {
  timeMs: 20_000,
  memoryBytes: 1_073_741_824,
  processes: 32,
  diskBytes: 16_777_216,
  logBytes: 65_536,
}

/**
 * What holds on this machine, found by making a sandbox and trying from inside what it must refuse.
 *
 * @param run  runs a task in a sandbox of the kind described
 */
export async function describeSandbox(
  run: (task: SandboxTask) => Promise<SandboxResult>,
  { parallel, prefix, hasGroups }: { parallel: number; prefix: string; hasGroups: boolean },
): Promise<Description> {
  try {
    const accounts = await describeAccounts(parallel, prefix)
    const findings = [...accounts, ...(await probe(run)), ...describeLimits(hasGroups)]
    return { ok: findings.every(({ ok }) => ok), findings }
  } catch (error) {
    if (!(error instanceof SetupError)) throw error
    return { ok: false, findings: [{ what: 'a sandbox can be made', ok: false, advice: error.message }] }
  }
}

async function describeAccounts(parallel: number, prefix: string): Promise<Finding[]> {
  const uids = new Set<number>()
  for (let slot = 1; slot <= parallel; slot++) {
    const account = await findAccount(prefix, slot)
    if (!account) return [{ what: "builds run as this process's own user, in a user namespace", ok: true }]
    uids.add(account.uid)
  }
  const ok = uids.size === parallel
  const what = `builds run as unprivileged accounts, one for each of ${parallel} at a time`
  return [
    { what, ok, ...(ok ? {} : { advice: `give each of ${prefix}1 … ${prefix}${parallel} a user id of its own` }) },
  ]
}

async function probe(run: (task: SandboxTask) => Promise<SandboxResult>): Promise<Finding[]> {
  const resultsDir = await mkdtemp(join(tmpdir(), 'packit-probe-'))
  const log: Buffer[] = []
  const program = join(import.meta.dirname, 'inside/probe.ts')
  const { output } = await run({
    ...{ program, resultsDir, limits: PROBE_LIMITS, input: null, mounts: {}, network: false, results: [] },
    onLog: (chunk) => void log.push(chunk),
  }).finally(() => rm(resultsDir, { recursive: true, force: true }))
  const found = output as Record<string, unknown> | undefined
  if (!found) {
    const said = Buffer.concat(log).toString().trim().split('\n').at(-1)
    return [{ what: 'a program runs in the sandbox', ok: false, advice: `it said: ${said || 'nothing'}` }]
  }
  const refused = (what: string, key: string): Finding =>
    found[key] === false
      ? { what, ok: true }
      : { what, ok: false, advice: 'do not build changes of strangers on this machine: see docs/security.md' }
  return [
    refused('a program inside is not root', 'asRoot'),
    refused('it has no capabilities', 'capabilities'),
    refused("the system's secrets are not visible", 'secrets'),
    refused('the system is read-only', 'systemWritable'),
    refused('it can make no namespaces of its own', 'namespaces'),
    refused('it has no network but its own loopback', 'network'),
    {
      what: 'the number of processes is limited by the kernel',
      ok: typeof found.processes === 'number' && found.processes > 0,
    },
  ]
}

function describeLimits(hasGroups: boolean): Finding[] {
  const memory = hasGroups ? 'a control group' : 'rlimits for each process and a watchdog for their sum'
  return [
    { what: 'time is limited by ending the process namespace', ok: true },
    { what: `memory is limited by ${memory}`, ok: true },
    { what: 'disk is limited by the size of a file system in memory', ok: true },
  ]
}
