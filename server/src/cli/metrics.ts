import { Gauge, type Registry } from 'prom-client'
import type { Database } from '../db/database.ts'
import { readSwept, SWEPT } from '../db/sweeps.ts'
import type { JobRunner } from '../jobs/queue.ts'

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
