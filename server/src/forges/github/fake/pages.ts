import { html } from './html.ts'
import type { Hub } from './hub.ts'
import { DEED_PAGES } from './pages-deeds.ts'
import { REPOSITORY_PAGES } from './pages-repositories.ts'
import { SETUP_PAGES } from './pages-setup.ts'
import type { ServePages } from './server.ts'
import { SIGN_IN_PAGES } from './sign-in.ts'
import { showPage } from './visit.ts'

/** Pages for people; each answers `undefined` for what isn't there. */
export function createPages(hub: Hub): ServePages {
  const routes = [...SETUP_PAGES, ...SIGN_IN_PAGES, ...DEED_PAGES, ...REPOSITORY_PAGES]
  return async (request, url, body) => {
    for (const { method, pattern, visit } of routes) {
      const found = request.method === method ? pattern.exec(url.pathname) : null
      if (!found) continue
      const parts = found.slice(1).map((part = '') => decodeURIComponent(part))
      const form = readForm(String(request.headers['content-type']), body)
      const answer = await visit({ hub, url, parts, form, accept: request.headers.accept ?? '' })
      if (answer) return answer
    }
    return showPage('Not found', html`<p>There is no such page.</p>`, 404)
  }
}

function readForm(type: string, body: Buffer): URLSearchParams {
  if (!type.startsWith('application/json')) return new URLSearchParams(body.toString())
  const fields: unknown = JSON.parse(body.toString() || '{}')
  return new URLSearchParams(
    Object.entries(fields ?? {}).map(([name, value]): [string, string] => [name, String(value)]),
  )
}
