import { type KeptApp, keyProblem } from '../app-store.ts'

/** Why GitHub gave us no App for a code. */
export class ConversionError extends Error {
  override name = 'ConversionError'
  /** `expired`: the code is an hour old or was used; `away`: it does not answer; `odd`: the answer is none we know. */
  readonly kind: 'expired' | 'away' | 'odd'
  constructor(kind: 'expired' | 'away' | 'odd', message: string, options?: ErrorOptions) {
    super(message, options)
    this.kind = kind
  }
}

const TIMEOUT_MS = 15_000

/**
 * Fetches the App that GitHub made of a manifest. GitHub gives it away once.
 *
 * @throws {ConversionError} saying why there is none
 */
export async function convertCode(code: string, apiUrl: string, fetcher: typeof fetch): Promise<KeptApp> {
  const response = await fetcher(`${apiUrl}/app-manifests/${encodeURIComponent(code)}/conversions`, {
    method: 'POST',
    headers: { accept: 'application/vnd.github+json', 'user-agent': 'packit-service' },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((cause: unknown) => {
    throw new ConversionError('away', `${apiUrl} does not answer: ${reasonOf(cause)}`, { cause })
  })
  if (response.status >= 500 || response.status === 429 || response.status === 403) {
    throw new ConversionError('away', `${apiUrl} answers ${response.status}`)
  }
  if (!response.ok) throw new ConversionError('expired', `${apiUrl} answers ${response.status}`)
  return readConversion(await response.json().catch(() => undefined), apiUrl)
}

function readConversion(value: unknown, apiUrl: string): KeptApp {
  const answer = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>
  const { id, owner } = answer
  const text = (key: string) => {
    const found = answer[key]
    if (typeof found !== 'string' || found === '') throw new ConversionError('odd', `the answer has no ${key}`)
    return found
  }
  if (typeof id !== 'number') throw new ConversionError('odd', 'the answer has no id')
  const login = (owner as { login?: unknown } | null | undefined)?.login
  const privateKey = text('pem')
  const wrong = keyProblem(privateKey)
  if (wrong) throw new ConversionError('odd', `the key of the answer ${wrong}`)
  return {
    appId: id,
    slug: text('slug'),
    owner: typeof login === 'string' && login !== '' ? login : 'unknown',
    privateKey,
    webhookSecret: text('webhook_secret'),
    oauth: { clientId: text('client_id'), clientSecret: text('client_secret') },
    apiUrl,
  }
}

/** The innermost reason: `fetch failed` alone helps nobody. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError') return 'no answer in time'
  return error.cause instanceof Error ? reasonOf(error.cause) : error.message
}
