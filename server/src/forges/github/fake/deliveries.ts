import { createHmac, randomUUID } from 'node:crypto'
import { sign } from '../../signature.ts'
import type { State } from './state.ts'
import type { App } from './things.ts'

/** Takes a delivery as a server would; gives the status of its answer. */
export type Deliver = (headers: Record<string, string>, body: string) => Promise<number>

/** A delivery as GitHub remembers it. */
export interface Delivery {
  id: number
  app: App
  /** The same when it is sent again. */
  guid: string
  event: string
  action: string | null
  installationId: number | null
  repositoryId: number | null
  headers: Record<string, string>
  body: string
  deliveredAt: Date
  isRedelivery: boolean
  durationMs: number
  /** Null = it was not sent yet, or is on its way. */
  statusCode: number | null
  status: string
  answer: { headers: Record<string, string>; payload: string }
}

export interface NewDelivery {
  app: App
  event: string
  payload: Record<string, unknown>
  installationId: number | null
  repositoryId: number | null
}

/** What happens to new deliveries. `drop` = they get lost on the way, and GitHub notes that they failed. */
export type DeliveryMode = 'send' | 'hold' | 'drop' | 'double'

const TIME_LIMIT_MS = 10_000

/** Webhooks: what is sent, once, and how it went. GitHub never sends one again by itself. */
export class Deliveries {
  /** Oldest first. */
  readonly log: Delivery[] = []
  mode: DeliveryMode = 'send'
  timeLimitMs = TIME_LIMIT_MS
  /** Instead of the address that the App names. */
  target: string | Deliver | undefined
  readonly #state: State
  readonly #underway = new Set<Promise<void>>()
  #held: Delivery[] = []

  constructor(state: State, target: string | Deliver | undefined) {
    this.#state = state
    this.target = target
  }

  /** Resolves when the delivery was answered, or is held. */
  async add({ app, event, payload, installationId, repositoryId }: NewDelivery): Promise<void> {
    const body = JSON.stringify(payload)
    const guid = randomUUID()
    const delivery: Delivery = {
      id: this.#state.nextId(),
      app,
      guid,
      event,
      action: typeof payload.action === 'string' ? payload.action : null,
      installationId,
      repositoryId,
      headers: headersOf(app, event, guid, body),
      body,
      deliveredAt: this.#state.now(),
      isRedelivery: false,
      durationMs: 0,
      statusCode: null,
      status: 'pending',
      answer: { headers: {}, payload: '' },
    }
    if (this.mode === 'hold') {
      this.#held.push(delivery)
      return
    }
    await this.#keep(delivery, this.mode === 'drop')
    if (this.mode === 'double') await this.redeliver(delivery)
  }

  /** Sends what was held, in another order if wanted, all at once. */
  async release(order: (held: Delivery[]) => Delivery[] = (held) => held): Promise<void> {
    const held = this.#held
    this.#held = []
    await Promise.all(order(held).map((delivery) => this.#keep(delivery, false)))
  }

  get held(): readonly Delivery[] {
    return this.#held
  }

  /** Sends a delivery once more: another id, the same GUID. */
  async redeliver(delivery: Delivery): Promise<void> {
    const again = { ...delivery, id: this.#state.nextId(), isRedelivery: true, deliveredAt: this.#state.now() }
    await this.#keep(again, false)
  }

  /** Resolves when nothing is on its way. */
  async settle(): Promise<void> {
    while (this.#underway.size > 0) await Promise.all(this.#underway)
  }

  async #keep(delivery: Delivery, isLost: boolean): Promise<void> {
    this.log.push(delivery)
    if (isLost) return end(delivery, 502, 'failed to connect to host')
    const sending = this.#send(delivery)
    this.#underway.add(sending)
    await sending.finally(() => this.#underway.delete(sending))
  }

  async #send(delivery: Delivery): Promise<void> {
    const target = this.target ?? delivery.app.hookUrl
    if (!target) return end(delivery, 502, 'no address')
    const started = performance.now()
    const limit = AbortSignal.timeout(this.timeLimitMs)
    const { promise: overdue, reject } = Promise.withResolvers<never>()
    limit.addEventListener('abort', () => reject(new Error('timed out')), { once: true })
    overdue.catch(() => {})
    try {
      const code = await Promise.race([post(target, delivery, limit), overdue])
      end(delivery, code, code >= 200 && code < 300 ? 'OK' : `Invalid HTTP Response: ${code}`)
    } catch {
      if (limit.aborted) end(delivery, 504, 'timed out')
      else end(delivery, 502, 'failed to connect to host')
    }
    delivery.durationMs = performance.now() - started
  }
}

async function post(target: string | Deliver, delivery: Delivery, signal: AbortSignal): Promise<number> {
  const { headers, body } = delivery
  if (typeof target === 'function') return await target({ ...headers }, body)
  const response = await fetch(target, { method: 'POST', headers, body, signal, redirect: 'manual' })
  delivery.answer = { headers: Object.fromEntries(response.headers), payload: await response.text() }
  return response.status
}

function end(delivery: Delivery, code: number, status: string): void {
  delivery.statusCode = code
  delivery.status = status
}

function headersOf(app: App, event: string, guid: string, body: string): Record<string, string> {
  return {
    accept: '*/*',
    'content-type': 'application/json',
    'user-agent': 'GitHub-Hookshot/fake',
    'x-github-event': event,
    'x-github-delivery': guid,
    'x-github-hook-id': String(app.id),
    'x-github-hook-installation-target-id': String(app.id),
    'x-github-hook-installation-target-type': 'integration',
    'x-hub-signature': `sha1=${createHmac('sha1', app.webhookSecret).update(body).digest('hex')}`,
    'x-hub-signature-256': sign(app.webhookSecret, body),
  }
}
