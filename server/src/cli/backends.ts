import { Counter, Gauge, type Registry } from 'prom-client'
import type { Builder } from '../builders/builder.ts'
import { guardBuilder } from '../builders/guarded.ts'
import { listBackends } from '../db/backends.ts'
import { type Backend, freshBackend } from '../domain/backend.ts'
import type { Forge } from '../forges/forge.ts'
import { guardForge } from '../forges/guarded.ts'
import { BackendGuard, type BreakerRule, type GuardDeps } from '../jobs/backend-guard.ts'
import { guardTester } from '../testers/guarded.ts'
import type { Tester } from '../testers/tester.ts'

/** Builds and tests wait for their system as long as it takes. A forge is asked by many jobs at the same moment. */
const BUILDER: BreakerRule = { threshold: 3, hasDeadline: false }
const FORGE: BreakerRule = { threshold: 5, hasDeadline: true }
const RECENT_MS = 24 * 60 * 60_000

/** The outside systems that are asked, each behind a circuit breaker. */
export class Backends {
  readonly #deps: GuardDeps
  readonly #guards = new Map<string, BackendGuard>()
  readonly #forges = new WeakMap<Forge, Forge>()

  constructor(deps: GuardDeps) {
    this.#deps = deps
  }

  /** This machine itself always answers. */
  builder(builder: Builder): Builder {
    return builder.name === 'copr' ? guardBuilder(builder, this.#guard(builder.name, BUILDER).run) : builder
  }

  tester(tester: Tester): Tester {
    return tester.name === 'testing-farm' ? guardTester(tester, this.#guard(tester.name, BUILDER).run) : tester
  }

  /** The same each time for the same forge. */
  forge(forge: Forge): Forge {
    const known = this.#forges.get(forge)
    if (known) return known
    const guarded = guardForge(forge, this.#guard(forge.host, FORGE).run)
    this.#forges.set(forge, guarded)
    return guarded
  }

  /** How those stand that are in use: here, or lately by another process. */
  async list(): Promise<Backend[]> {
    const { database, now } = this.#deps
    const rows = await listBackends(database.db)
    const isRecent = ({ since, lastSuccessAt }: Backend) =>
      now().getTime() - Math.max(since?.getTime() ?? 0, lastSuccessAt?.getTime() ?? 0) < RECENT_MS
    const unasked = [...this.#guards.keys()].filter((name) => !rows.some((row) => row.name === name))
    return [...rows.filter((row) => this.#guards.has(row.name) || isRecent(row)), ...unasked.map(freshBackend)]
  }

  /** How often each did not answer this process. */
  failures(): { name: string; failures: number }[] {
    return [...this.#guards.values()].map(({ name, failures }) => ({ name, failures }))
  }

  #guard(name: string, rule: BreakerRule): BackendGuard {
    const known = this.#guards.get(name)
    if (known) return known
    const made = new BackendGuard(name, rule, this.#deps)
    this.#guards.set(name, made)
    return made
  }
}

/** Whether the outside systems answer. */
export function registerBackendMetrics(registry: Registry, backends: Pick<Backends, 'list' | 'failures'>): void {
  const registers = [registry]
  new Gauge({
    name: 'packit_backend_up',
    help: '1 while an outside system answers, 0 while it is left alone because it does not',
    labelNames: ['backend'],
    registers,
    async collect() {
      this.reset()
      for (const { name, state } of await backends.list()) this.set({ backend: name }, Number(state === 'closed'))
    },
  })
  new Counter({
    name: 'packit_backend_failures_total',
    help: 'Calls of this process that an outside system did not answer',
    labelNames: ['backend'],
    registers,
    collect() {
      this.reset()
      for (const { name, failures } of backends.failures()) this.inc({ backend: name }, failures)
    },
  })
}
