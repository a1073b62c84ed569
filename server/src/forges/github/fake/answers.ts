/** An answer of the API. */
export interface Answer {
  status: number
  body?: unknown
  headers?: Record<string, string>
}

const DOCUMENTATION = 'https://docs.github.com/rest'

/** A request that GitHub refuses. */
export class Refusal extends Error {
  override name = 'Refusal'
  readonly status: number
  readonly headers: Record<string, string>
  readonly errors: unknown[] | undefined
  constructor(status: number, message: string, more: { errors?: unknown[]; headers?: Record<string, string> } = {}) {
    super(message)
    this.status = status
    this.errors = more.errors
    this.headers = more.headers ?? {}
  }

  toAnswer(): Answer {
    const { status, message, errors, headers } = this
    const body = { message, ...(errors && { errors }), documentation_url: DOCUMENTATION, status: String(status) }
    return { status, body, headers }
  }
}

export const notFound = () => new Refusal(404, 'Not Found')
export const badCredentials = () => new Refusal(401, 'Bad credentials')
/** The permission is missing, or the repository is not one of the installation's. */
export const notAccessible = () => new Refusal(403, 'Resource not accessible by integration')

/** 422 with the field that is at fault. */
export function invalid(resource: string, field: string, message: string): Refusal {
  return new Refusal(422, `Validation Failed: ${message}`, {
    errors: [{ resource, field, code: 'custom', message }],
  })
}

export interface Page {
  /** Counted from 1. */
  page: number
  perPage: number
}

export const ok = (body: unknown): Answer => ({ status: 200, body })
export const created = (body: unknown): Answer => ({ status: 201, body })

/** The part of a list that was asked for, with links to its neighbours. */
export function paged<T>(
  all: readonly T[],
  { page, perPage }: Page,
  url: URL,
  toBody: (items: T[]) => unknown,
): Answer {
  const last = Math.max(1, Math.ceil(all.length / perPage))
  const linkTo = (number: number, rel: string) => {
    const target = new URL(url)
    target.searchParams.set('page', String(number))
    return `<${target.href}>; rel="${rel}"`
  }
  const links = [
    ...(page > 1 ? [linkTo(page - 1, 'prev')] : []),
    ...(page < last ? [linkTo(page + 1, 'next'), linkTo(last, 'last')] : []),
    ...(page > 1 ? [linkTo(1, 'first')] : []),
  ]
  const items = all.slice((page - 1) * perPage, page * perPage)
  return { status: 200, body: toBody(items), headers: links.length > 0 ? { link: links.join(', ') } : {} }
}
