// Signing in by an App: the page that asks, and the exchange of its code for a token.
import { randomBytes } from 'node:crypto'
import { issueUserToken } from './callers.ts'
import { html } from './html.ts'
import type { PageAnswer } from './server.ts'
import type { State } from './state.ts'
import type { App, User } from './things.ts'
import { leadTo, type PageRoute, showPage, type Visit, withQuery } from './visit.ts'

interface Grant {
  app: App
  user: User
  redirectUri: string
  expiresAt: number
}

/** Good for ten minutes, and once. */
const grants = new WeakMap<State, Map<string, Grant>>()
const CODE_LIFE_MS = 600_000

export const SIGN_IN_PAGES: PageRoute[] = [
  { method: 'GET', pattern: /^\/login\/oauth\/authorize$/, visit: askWho },
  { method: 'POST', pattern: /^\/login\/oauth\/authorize$/, visit: authorize },
  { method: 'POST', pattern: /^\/login\/oauth\/access_token$/, visit: exchange },
]

/** Where the App wants people to be led: one of its own addresses. */
function findRedirect(state: State, query: URLSearchParams): { app: App; redirectUri: string } | string {
  const app = state.apps.find(({ clientId }) => clientId === query.get('client_id'))
  if (!app) return 'there is no App with this client_id'
  const asked = query.get('redirect_uri') ?? app.callbackUrls[0]
  if (!asked) return 'the App has no callback address'
  const isAllowed = app.callbackUrls.some((own) => asked === own || asked.startsWith(`${own}/`))
  return isAllowed ? { app, redirectUri: asked } : 'The redirect_uri is not associated with this application.'
}

function askWho({ hub, url }: Visit): PageAnswer {
  const found = findRedirect(hub.state, url.searchParams)
  if (typeof found === 'string') return showPage('Sign in', html`<p>Refused: ${found}</p>`, 404)
  const people = hub.state.users.filter(({ type }) => type === 'User')
  const buttons = people.map(
    ({ login }) => html`<form method="post" action="${url.pathname}${url.search}">
<input type="hidden" name="login" value="${login}"><button>Sign in as ${login}</button></form>`,
  )
  return showPage(`Sign in to ${found.app.name}`, html`${buttons}`)
}

function authorize({ hub, url, form }: Visit): PageAnswer {
  const { state } = hub
  const found = findRedirect(state, url.searchParams)
  if (typeof found === 'string') return showPage('Sign in', html`<p>Refused: ${found}</p>`, 404)
  const user = state.findUser(form.get('login') ?? '')
  if (!user) return showPage('Sign in', html`<p>There is nobody of that name.</p>`, 404)
  const code = randomBytes(10).toString('hex')
  const known = grants.get(state) ?? new Map<string, Grant>()
  grants.set(state, known.set(code, { ...found, user, expiresAt: state.now().getTime() + CODE_LIFE_MS }))
  return leadTo(withQuery(found.redirectUri, { code, state: url.searchParams.get('state') }))
}

/** GitHub answers refusals with 200 too. */
function exchange({ hub, form, accept }: Visit): PageAnswer {
  const { state } = hub
  const app = state.apps.find(({ clientId }) => clientId === form.get('client_id'))
  if (!app || app.clientSecret !== form.get('client_secret'))
    return tell(accept, {
      error: 'incorrect_client_credentials',
      error_description: 'The client_id and/or client_secret passed are incorrect.',
    })
  const code = form.get('code') ?? ''
  const grant = grants.get(state)?.get(code)
  grants.get(state)?.delete(code)
  if (grant?.app !== app || grant.expiresAt <= state.now().getTime())
    return tell(accept, {
      error: 'bad_verification_code',
      error_description: 'The code passed is incorrect or expired.',
    })
  const asked = form.get('redirect_uri')
  if (asked !== null && asked !== grant.redirectUri)
    return tell(accept, {
      error: 'redirect_uri_mismatch',
      error_description: 'The redirect_uri MUST match the registered callback URL for this application.',
    })
  const { text } = issueUserToken(state, app, grant.user)
  return tell(accept, { access_token: text, expires_in: '28800', token_type: 'bearer', scope: '' })
}

function tell(accept: string, fields: Record<string, string>): PageAnswer {
  if (!accept.includes('json')) {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    return { status: 200, headers, text: new URLSearchParams(fields).toString() }
  }
  const told = { ...fields, ...(fields.expires_in && { expires_in: Number(fields.expires_in) }) }
  return { status: 200, headers: { 'content-type': 'application/json' }, text: JSON.stringify(told) }
}
