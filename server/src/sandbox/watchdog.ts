import { existsSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { totalmem } from 'node:os'
import { findTree, readProc } from './process-tree.ts'
import type { Limits, SandboxEnd } from './sandbox.ts'

const TICK_MS = 250
/** Folders that are file systems in memory; their content belongs to the task's memory. */
const IN_MEMORY = ['/build', '/tmp', '/dev/shm'] as const
/** What the kernel keeps for each file of a tmpfs, in bytes (inode and directory entry). */
const FILE_BYTES = 1_024
/** Less than this share of the machine's memory left: tasks end before the service suffers. */
const RESERVE = 0.03

export interface Watchdog {
  stop(): void
}

/**
 * Looks four times a second whether a sandbox keeps within its memory and disk: what rlimits can't hold, because they
 * count per process and don't see a tmpfs.
 *
 * @param pid     bubblewrap's process id on the host
 * @param onOver  called once, with the limit that was passed and a sentence about it
 */
export function startWatchdog(pid: number, limits: Limits, onOver: (end: SandboxEnd, why: string) => void): Watchdog {
  let stopped = false
  let timer: NodeJS.Timeout
  async function tick(): Promise<void> {
    const over = await findOver(pid, limits).catch(() => undefined)
    if (stopped) return
    if (over) return onOver(over.end, over.why)
    timer = setTimeout(tick, TICK_MS)
  }
  timer = setTimeout(tick, TICK_MS)
  return {
    stop() {
      stopped = true
      clearTimeout(timer)
    },
  }
}

async function findOver(pid: number, limits: Limits): Promise<{ end: SandboxEnd; why: string } | undefined> {
  const tree = findTree(pid)
  const disk = await measureDisk(tree)
  if (disk?.full) return { end: 'disk-full', why: `the work tree is full (${sized(limits.diskBytes)})` }
  if (disk && disk.files > maxFiles(limits)) {
    return { end: 'disk-full', why: `the work tree holds more than ${maxFiles(limits)} files` }
  }
  const bytes = measureMemory(tree, disk?.bytes ?? 0, limits.memoryBytes)
  if (bytes > limits.memoryBytes) {
    return {
      end: 'out-of-memory',
      why: `${sized(bytes)} of memory are in use; ${sized(limits.memoryBytes)} are allowed`,
    }
  }
  if (availableMemory() < totalmem() * RESERVE) {
    return { end: 'out-of-memory', why: 'this machine has no memory left' }
  }
  return undefined
}

/** How many files a work tree may hold: one for each block of 4 KiB, as file systems on disks do. */
export function maxFiles(limits: Limits): number {
  return Math.max(10_000, Math.floor(limits.diskBytes / 4_096))
}

/** What the task's file systems in memory hold; undefined while bubblewrap is still setting them up. */
async function measureDisk(tree: number[]): Promise<{ bytes: number; files: number; full: boolean } | undefined> {
  // the second process is the sandbox's init, which no one inside can end or replace
  const root = `/proc/${tree[1]}/root`
  if (tree[1] === undefined || !existsSync(`${root}/packit/node`)) return undefined
  const use = { bytes: 0, files: 0, full: false }
  for (const folder of IN_MEMORY) {
    const found = await statfs(root + folder)
    const files = found.files - found.ffree
    use.bytes += (found.blocks - found.bfree) * found.bsize + files * FILE_BYTES
    use.files += files
    if (folder === '/build') use.full = found.bfree * found.bsize < 65_536 || found.ffree === 0
  }
  return use
}

/**
 * The memory of a tree in bytes. Resident sizes are read first: they count what processes share more than once, so
 * only when they pass the limit the kernel is asked for each one's share, which takes longer.
 */
function measureMemory(tree: number[], inFileSystems: number, limit: number): number {
  let roughly = inFileSystems
  for (const pid of tree) roughly += sumOf(readProc(`/proc/${pid}/status`), /^Rss(?:Anon|Shmem):\s*(\d+)/gm)
  if (roughly <= limit) return roughly
  let own = 0
  let shared = 0
  for (const pid of tree) {
    const shares = readProc(`/proc/${pid}/smaps_rollup`)
    own +=
      shares === undefined
        ? sumOf(readProc(`/proc/${pid}/status`), /^RssAnon:\s*(\d+)/gm)
        : sumOf(shares, /^Pss_Anon:\s*(\d+)/gm)
    shared += sumOf(shares, /^Pss_Shmem:\s*(\d+)/gm)
  }
  // a mapped file of the work tree is in both figures
  return own + Math.max(shared, inFileSystems)
}

function sumOf(text: string | undefined, kilobytes: RegExp): number {
  let sum = 0
  for (const match of text?.matchAll(kilobytes) ?? []) sum += Number(match[1]) * 1_024
  return sum
}

function availableMemory(): number {
  const found = readProc('/proc/meminfo')?.match(/^MemAvailable:\s*(\d+)/m)
  return found ? Number(found[1]) * 1_024 : Number.POSITIVE_INFINITY
}

/** A size as one says it: `98 KB`, `512 MB`, `2 GB`. */
export function sized(bytes: number): string {
  const mb = bytes / 1_048_576
  if (mb < 1) return `${Math.round(bytes / 1_024)} KB`
  return mb >= 1_024 ? `${Math.round(mb / 102.4) / 10} GB` : `${Math.round(mb)} MB`
}
