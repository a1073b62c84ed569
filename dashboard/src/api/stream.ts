import type { QueryClient, QueryKey } from '@tanstack/react-query'
import { apiUrl } from './base.ts'
import type { Change } from './types.ts'

export type Connection = 'connecting' | 'open' | 'lost'

/** Changes are gathered for this long, so that a burst of them asks each question once. */
const GATHER_MS = 150
const FIRST_WAIT_MS = 1_000
const LONGEST_WAIT_MS = 30_000
/** A resting page asks this often, so that the title of its tab still tells how a run ended. */
const REST_POLL_MS = 60_000

type LogListener = (size: number) => void

/**
 * The live connection: one for all pages of a tab. It asks anew for what changed, tells logs when they grow, and
 * comes back after a break. What was missed meanwhile is asked for when it is back.
 */
export class LiveUpdates {
  connection: Connection = 'connecting'
  private readonly queries: QueryClient
  private readonly watchers = new Set<() => void>()
  private readonly logs = new Map<string, Set<LogListener>>()
  private readonly stale = new Map<string, QueryKey>()
  private source: EventSource | null = null
  private gather: ReturnType<typeof setTimeout> | null = null
  private retry: ReturnType<typeof setTimeout> | null = null
  private poll: ReturnType<typeof setInterval> | null = null
  private failures = 0
  private wasOpen = false

  constructor(queries: QueryClient) {
    this.queries = queries
  }

  start(): void {
    this.source?.close()
    const source = new EventSource(apiUrl('/api/stream'))
    this.source = source
    source.addEventListener('open', () => this.opened())
    source.addEventListener('change', (event) => this.changed(JSON.parse(event.data) as Change))
    source.addEventListener('reset', () => void this.queries.invalidateQueries())
    source.addEventListener('error', () => this.broke(source))
  }

  stop(): void {
    this.source?.close()
    for (const timer of [this.retry, this.gather, this.poll]) if (timer) clearTimeout(timer)
    this.poll = null
  }

  /**
   * For a page that nobody looks at: gives the connection back and asks now and then instead. Browsers allow six
   * connections to a server over HTTP/1.1, for all tabs together; with as many streams no page would load any more.
   */
  rest(): void {
    this.stop()
    this.setConnection('connecting')
    this.poll = setInterval(() => void this.queries.invalidateQueries(), REST_POLL_MS)
  }

  /** Back to the stream after `rest`. */
  wake(): void {
    if (this.poll === null) return
    this.stop()
    this.start()
  }

  /** Calls back when the connection opens or breaks; returns how to stop that. */
  watch = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher)
    return () => this.watchers.delete(watcher)
  }

  /** Calls back when a step's log has grown. */
  watchLog(step: 'srpm' | 'build' | 'test', id: number, listener: LogListener): () => void {
    const key = `${step}-${id}`
    const listeners = this.logs.get(key) ?? new Set()
    listeners.add(listener)
    this.logs.set(key, listeners)
    return () => listeners.delete(listener)
  }

  private opened(): void {
    // a new EventSource doesn't know where the old one ended
    if (this.wasOpen) void this.queries.invalidateQueries()
    this.wasOpen = true
    this.failures = 0
    this.setConnection('open')
  }

  private broke(source: EventSource): void {
    this.setConnection('lost')
    // while CONNECTING the browser tries by itself, with the last id; CLOSED means it gave up
    if (source.readyState !== EventSource.CLOSED || source !== this.source) return
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.failures++)
    if (this.retry) clearTimeout(this.retry)
    this.retry = setTimeout(() => this.start(), wait)
  }

  private setConnection(connection: Connection): void {
    this.connection = connection
    for (const watcher of this.watchers) watcher()
  }

  private changed(change: Change): void {
    if (change.kind === 'log') {
      const listeners = this.logs.get(`${change.step}-${change.id}`)
      for (const listener of listeners ?? []) listener(change.size ?? 0)
      return
    }
    for (const key of keysOf(change)) this.stale.set(JSON.stringify(key), key)
    this.gather ??= setTimeout(() => this.askAnew(), GATHER_MS)
  }

  private askAnew(): void {
    this.gather = null
    const keys = [...this.stale.values()]
    this.stale.clear()
    for (const queryKey of keys) void this.queries.invalidateQueries({ queryKey })
  }
}

/** Which answers a change makes old. */
export function keysOf(change: Change): QueryKey[] {
  const keys: QueryKey[] = []
  if (change.run !== null) keys.push(['run', change.run])
  if (change.project !== null) keys.push(['project', change.project])
  if (change.kind === 'run') keys.push(['runs'], ['status'], ['compare'])
  if (change.kind === 'delivery') keys.push(['deliveries'], ['status'])
  if (change.kind === 'srpm' || change.kind === 'build' || change.kind === 'test') keys.push(['jobs'])
  if (change.kind === 'test' && change.id !== null) keys.push(['job', 'testing-farm', change.id], ['runs'])
  if (change.kind === 'project') keys.push(['projects'])
  if (change.kind === 'srpm' && change.id !== null) keys.push(['srpm', change.id], ['runs'])
  if (change.kind === 'build' && change.id !== null) keys.push(['build', change.id], ['runs'])
  return keys
}
