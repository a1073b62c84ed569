import type { FakeRequest, Json } from './requests.ts'

export type NotificationMode = 'once' | 'lost' | 'twice'

/** What was sent to a webhook, and how it was answered; status 0 = nobody was there. */
export interface SentNotification {
  requestId: string
  url: string
  state: string
  status: number
}

/** Tells webhooks of changes, in order; a failed delivery is not repeated. */
export class Notifications {
  mode: NotificationMode = 'once'
  readonly sent: SentNotification[] = []
  #last: Promise<void> = Promise.resolve()

  /** Queues the notification of a request, if it wants any. */
  tell(request: FakeRequest): void {
    const { webhook } = (request.body.notification ?? {}) as { webhook?: Json }
    if (this.mode === 'lost' || typeof webhook?.url !== 'string') return
    const body = JSON.stringify({ request_id: request.id, token: webhook.token })
    const { url } = webhook
    const { state } = request
    for (let i = 0; i < (this.mode === 'twice' ? 2 : 1); i++) {
      this.#last = this.#last.then(() => this.#post(request.id, url, state, body))
    }
  }

  /** When all that was queued has been sent. */
  async settled(): Promise<void> {
    await this.#last
  }

  async #post(requestId: string, url: string, state: string, body: string): Promise<void> {
    const headers = { 'content-type': 'application/json' }
    const status = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(10_000) }).then(
      async (response) => {
        await response.body?.cancel()
        return response.status
      },
      () => 0,
    )
    this.sent.push({ requestId, url, state, status })
  }
}
