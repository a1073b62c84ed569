import { statfs } from 'node:fs/promises'
import { Counter, Gauge, type Registry } from 'prom-client'
import type { Database } from '../db/database.ts'
import { readSwept, SWEPT } from '../db/sweeps.ts'
import type { JobRunner } from '../jobs/queue.ts'
import type { Forges } from './forges.ts'
import type { Processes } from './processes.ts'

/** Each is a series: those with the most left are left out. */
const MOST_LIMITS = 100

/** What the queue tells Prometheus: how much waits and runs, and for how long the oldest has waited. */
export function registerQueueMetrics(registry: Registry, queue: Pick<JobRunner, 'measure'>): void {
  const registers = [registry]
  const running = new Gauge({ name: 'packit_jobs_running', help: 'Jobs that run now', registers })
  const oldest = new Gauge({ name: 'packit_oldest_job_seconds', help: 'Age of the job that waits longest', registers })
  new Gauge({
    name: 'packit_jobs_waiting',
    help: 'Jobs that are due and wait',
    registers,
    async collect() {
      const measured = await queue.measure()
      this.set(measured.waiting)
      running.set(measured.running)
      oldest.set(measured.oldestAgeSeconds)
    },
  })
}

/** How many processes live, by what they do: each process says the same of all. */
export function registerProcessMetrics(registry: Registry, processes: Pick<Processes, 'list'>): void {
  const slots = new Gauge({
    name: 'packit_build_slots',
    help: 'Sandboxes that all processes run at a time',
    registers: [registry],
  })
  new Gauge({
    name: 'packit_processes',
    help: 'Living processes of the installation, by role',
    labelNames: ['role'],
    registers: [registry],
    async collect() {
      const all = await processes.list()
      for (const role of ['serve', 'web', 'worker']) this.set({ role }, all.filter((one) => one.role === role).length)
      slots.set(all.reduce((sum, one) => sum + one.slots, 0))
    },
  })
}

/** How much room is left where the data lies; builds wait when it is too little. */
export function registerDiskMetrics(registry: Registry, dataDir: string): void {
  const registers = [registry]
  const size = new Gauge({ name: 'packit_disk_size_bytes', help: 'Size of the disk of the data directory', registers })
  new Gauge({
    name: 'packit_disk_free_bytes',
    help: 'Room on the disk of the data directory',
    registers,
    async collect() {
      const { bavail, blocks, bsize } = await statfs(dataDir)
      this.set(bavail * bsize)
      size.set(blocks * bsize)
    },
  })
}

/** What is asked of forges, and how much they let us ask. */
export function registerForgeMetrics(registry: Registry, forges: Pick<Forges, 'limits' | 'requests'>): void {
  const registers = [registry]
  new Counter({
    name: 'packit_forge_requests_total',
    help: 'Requests to forges, by what asked and the status of the answer (none = no answer)',
    labelNames: ['operation', 'status'],
    registers,
    collect() {
      this.reset()
      for (const { operation, status, count } of forges.requests()) this.inc({ operation, status }, count)
    },
  })
  const blocked = new Gauge({
    name: 'packit_forge_blocked',
    help: '1 while a forge wants to be left alone for an account',
    labelNames: ['forge', 'whose'],
    registers,
  })
  new Gauge({
    name: 'packit_forge_requests_remaining',
    help: 'Requests that a forge still takes until its limit is reset, by account',
    labelNames: ['forge', 'whose'],
    registers,
    collect() {
      this.reset()
      blocked.reset()
      for (const { forge, whose, remaining, blockedUntil } of forges.limits().slice(0, MOST_LIMITS)) {
        this.set({ forge, whose }, remaining)
        blocked.set({ forge, whose }, blockedUntil === null ? 0 : 1)
      }
    },
  })
}

/** What sweeps had to find because no delivery told of it; kept in the database, so it outlives the process. */
export function registerSweepMetrics(registry: Registry, { db }: Database): void {
  new Gauge({
    name: 'packit_swept_total',
    help: 'Deliveries asked for again, and pull requests found, by sweeps of the forges',
    labelNames: ['what'],
    registers: [registry],
    async collect() {
      const found = await readSwept(db)
      for (const what of SWEPT) this.set({ what }, found[what])
    },
  })
}
