import { type Html, page } from './html.ts'
import type { Hub } from './hub.ts'
import type { PageAnswer } from './server.ts'

/** One request of a browser. */
export interface Visit {
  hub: Hub
  url: URL
  /** The parts of the address that its pattern names. */
  parts: string[]
  form: URLSearchParams
  /** As the browser said it. */
  accept: string
}

export interface PageRoute {
  method: 'GET' | 'POST'
  pattern: RegExp
  visit: (visit: Visit) => PageAnswer | undefined | Promise<PageAnswer | undefined>
}

export function showPage(title: string, body: Html, status = 200): PageAnswer {
  return { status, headers: { 'content-type': 'text/html; charset=utf-8' }, text: page(title, body) }
}

/** Leads the browser on; after a form, with GET. */
export function leadTo(location: string): PageAnswer {
  return { status: 303, headers: { location }, text: '' }
}

/** An address with more in its query. */
export function withQuery(address: string, query: Record<string, string | null>): string {
  const url = new URL(address)
  for (const [name, value] of Object.entries(query)) if (value !== null) url.searchParams.set(name, value)
  return url.href
}
