import { Gauge, type Registry } from 'prom-client'
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
