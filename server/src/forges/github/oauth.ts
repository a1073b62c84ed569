import { ForbiddenError, UnavailableError } from '../../domain/errors.ts'
import type { ForgeSignIn } from '../../domain/session.ts'
import { webUrlOf } from './addresses.ts'
import { type CurrentApp, type GithubApp, hostOfApi } from './app.ts'

const TIMEOUT_MS = 10_000
const RETRY_MS = 5000
const LOGIN = /^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,98}[A-Za-z0-9_])?$/

/** Signing in by the App (OAuth, with PKCE); `undefined` while there is no App, or one without a client secret. */
export function createGithubSignIn(current: CurrentApp, fetcher: typeof fetch = fetch): () => ForgeSignIn | undefined {
  return () => {
    const app = current()
    return app?.oauth ? signInBy({ ...app, oauth: app.oauth }, fetcher) : undefined
  }
}

type WithOauth = GithubApp & { oauth: NonNullable<GithubApp['oauth']> }

/** https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-user-access-token-for-a-github-app */
function signInBy({ oauth, apiUrl }: WithOauth, fetcher: typeof fetch): ForgeSignIn {
  const web = webUrlOf(apiUrl)
  return {
    host: hostOfApi(apiUrl),
    authorizeUrl({ state, challenge, redirectUrl }) {
      const query = new URLSearchParams({
        client_id: oauth.clientId,
        redirect_uri: redirectUrl,
        state,
        code_challenge: challenge,
        code_challenge_method: 'S256',
        // anybody may look at the pages: nobody gets an account at GitHub for it
        allow_signup: 'false',
      })
      return `${web}/login/oauth/authorize?${query}`
    },
    async findLogin({ code, verifier, redirectUrl }) {
      const body = new URLSearchParams({
        client_id: oauth.clientId,
        client_secret: oauth.clientSecret,
        code,
        redirect_uri: redirectUrl,
        code_verifier: verifier,
      })
      const answer = await ask(fetcher, `${web}/login/oauth/access_token`, { method: 'POST', body })
      // a code that is not taken is answered with 200 and the key `error`
      if (typeof answer.access_token !== 'string') throw new ForbiddenError(`GitHub says: ${String(answer.error)}`)
      const user = await ask(fetcher, `${apiUrl}/user`, { headers: { authorization: `Bearer ${answer.access_token}` } })
      if (typeof user.login !== 'string' || !LOGIN.test(user.login)) throw new ForbiddenError('GitHub names nobody')
      return user.login
    },
  }
}

async function ask(fetcher: typeof fetch, url: string, init: RequestInit): Promise<Record<string, unknown>> {
  const headers = { accept: 'application/json', 'user-agent': 'packit-service', ...init.headers }
  const response = await fetcher(url, { ...init, headers, signal: AbortSignal.timeout(TIMEOUT_MS) }).catch((cause) => {
    throw new UnavailableError('GitHub does not answer', RETRY_MS, { cause })
  })
  if (response.status >= 500 || response.status === 429) {
    throw new UnavailableError(`GitHub answers ${response.status}`, RETRY_MS)
  }
  const body: unknown = await response.json().catch(() => undefined)
  if (!response.ok || typeof body !== 'object' || body === null) {
    throw new ForbiddenError(`GitHub answers ${response.status} to the sign-in`)
  }
  return body as Record<string, unknown>
}
