import { Counter, Histogram, type Registry } from 'prom-client'

/** What this process counts of its jobs. Those of all processes together are Prometheus' to add. */
export interface JobMetrics {
  onJob(job: { kind: string; outcome: string; seconds: number }): void
  /** A forge showed the first check of an event, so long after it told of it. */
  onFirstReport(seconds: number): void
  register(registry: Registry): void
}

export function createJobMetrics(): JobMetrics {
  const registers: Registry[] = []
  const ended = new Counter({
    name: 'packit_jobs_total',
    help: 'Jobs that this process worked on, by kind and outcome (done, again, handed over, given up)',
    labelNames: ['kind', 'outcome'],
    registers,
  })
  const seconds = new Histogram({
    name: 'packit_job_duration_seconds',
    help: 'How long jobs that are done took, by kind',
    labelNames: ['kind'],
    buckets: [0.05, 0.25, 1, 5, 15, 60, 300, 1800, 7200],
    registers,
  })
  const first = new Histogram({
    name: 'packit_first_report_seconds',
    help: 'From the delivery that tells of a change to its first check on the forge',
    buckets: [0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 1800],
    registers,
  })
  return {
    onJob({ kind, outcome, seconds: took }) {
      ended.inc({ kind, outcome })
      if (outcome === 'done') seconds.observe({ kind }, took)
    },
    onFirstReport: (took) => first.observe(took),
    register(registry) {
      for (const metric of [ended, seconds, first]) registry.registerMetric(metric)
    },
  }
}
