import type { Problem } from './models/common.ts'

/** Keys that older clients read. The usage statistics tell what is wrong as a list, all others by parameter. */
type ProblemKeys = Pick<Problem, 'error' | 'message'> & { errors?: Record<string, string> | string[] }

/** A refusal that the caller is told word for word. */
export class ApiError extends Error {
  override name = 'ApiError'
  readonly statusCode: number
  /** Keys that older clients read, and headers such as `Retry-After`. */
  readonly keys: ProblemKeys
  readonly headers: Record<string, string>
  constructor(
    statusCode: number,
    message: string,
    keys: ProblemKeys = { message },
    headers: Record<string, string> = {},
  ) {
    super(message)
    this.statusCode = statusCode
    this.keys = keys
    this.headers = headers
  }
}

/** An id or name that is not in the database. */
export function notFound(message: string): ApiError {
  return new ApiError(404, message, { error: message })
}

/** A parameter of the query string that can't be understood. */
export function badParameter(name: string, message: string): ApiError {
  return new ApiError(400, message, { errors: { [name]: message }, message: 'Input payload validation failed' })
}

/** A body with something wrong in it, by field. */
export function badBody(errors: Record<string, string>): ApiError {
  const message = Object.entries(errors).map(([field, what]) => `${field}: ${what}`)
  return new ApiError(400, message.join('; '), { errors, message: 'Input payload validation failed' })
}

const TITLES: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  413: 'Content Too Large',
  414: 'URI Too Long',
  415: 'Unsupported Media Type',
  416: 'Range Not Satisfiable',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
}

/** The body of every refusal. */
export function toProblem(
  status: number,
  detail: string,
  keys: ProblemKeys = { message: detail },
): Omit<Problem, 'errors'> & ProblemKeys {
  return { type: 'about:blank', title: TITLES[status] ?? 'Error', status, detail, ...keys }
}
