/** What Testing Farm answers, as far as it is used: https://api.testing-farm.io/redoc. Everything may be missing. */
export interface FarmRequest {
  id: string
  state: string
  environments: FarmEnvironment[]
  notes: { level: string; message: string }[]
  overall: string | null
  summary: string | null
  /** Results in the answer itself, and where else they are; seldom given. */
  xunit: string | null
  xunitUrl: string | null
  /** Address of the page with the results, without a slash at the end; logs lie below it. */
  artifacts: string | null
  createdAt: Date | null
  updatedAt: Date | null
  queuedSeconds: number | null
  runSeconds: number | null
}

interface FarmEnvironment {
  arch: string | null
  compose: string | null
  variables: Record<string, string>
}

/**
 * Reads the answer to `GET /requests/{id}`.
 *
 * @returns undefined when it isn't one
 */
export function readRequest(answer: unknown): FarmRequest | undefined {
  const root = record(answer)
  const id = text(root.id)
  const state = text(root.state)
  if (id === null || state === null) return undefined
  const result = record(root.result)
  return {
    id,
    state,
    environments: array(root.environments_requested).map(readEnvironment),
    notes: array(root.notes).map((note) => ({
      level: text(record(note).level) ?? 'info',
      message: text(record(note).message) ?? '',
    })),
    overall: text(result.overall),
    summary: text(result.summary),
    xunit: text(result.xunit),
    xunitUrl: webAddress(result.xunit_url),
    artifacts: webAddress(record(root.run).artifacts)?.replace(/\/+$/, '') ?? null,
    createdAt: readTime(root.created),
    updatedAt: readTime(root.updated),
    queuedSeconds: number(root.queued_time),
    runSeconds: number(root.run_time),
  }
}

/** The requests of a list; an answer that wraps it in an object is understood, too. */
export function readRequests(answer: unknown): FarmRequest[] | undefined {
  const list = Array.isArray(answer) ? answer : record(answer).requests
  if (!Array.isArray(list)) return undefined
  return list.flatMap((one) => readRequest(one) ?? [])
}

/** Names of composes; each may be a regular expression. */
export function readComposes(answer: unknown): string[] | undefined {
  const list = record(answer).composes
  if (!Array.isArray(list)) return undefined
  return list.flatMap((one) => text(record(one).name) ?? [])
}

/**
 * Why a request was refused: `message`, and each leaf of `errors` with its path (`environments.0.arch: …`).
 *
 * @returns null when the answer says nothing that is meant for people
 */
export function readRefusal(answer: unknown): { text: string; hasErrors: boolean } | null {
  const { errors, message } = record(answer)
  const leaves: string[] = []
  if (errors !== undefined && errors !== null) collectLeaves(errors, [], leaves)
  const said = text(message)
  const parts = [...(said === null ? [] : [said]), ...leaves]
  return parts.length === 0 ? null : { text: parts.join('; '), hasErrors: leaves.length > 0 }
}

const MAX_LEAVES = 20

function collectLeaves(value: unknown, path: string[], leaves: string[]): void {
  if (leaves.length >= MAX_LEAVES || path.length > 12) return
  if (typeof value !== 'object' || value === null) {
    leaves.push(path.length > 0 ? `${path.join('.')}: ${String(value)}` : String(value))
    return
  }
  const isList = Array.isArray(value)
  for (const [key, inner] of Object.entries(value)) {
    // a list of messages about one field needs no numbers
    collectLeaves(inner, isList && typeof inner === 'string' ? path : [...path, key], leaves)
  }
}

function readEnvironment(value: unknown): FarmEnvironment {
  const environment = record(value)
  const variables = Object.entries(record(environment.variables)).flatMap(([name, set]) =>
    typeof set === 'string' ? [[name, set] as const] : [],
  )
  return {
    arch: text(environment.arch),
    compose: text(record(environment.os).compose),
    variables: Object.fromEntries(variables),
  }
}

/** Times have no zone and mean UTC; old ones have a blank instead of the T. */
export function readTime(value: unknown): Date | null {
  if (typeof value !== 'string') return null
  const joined = value.trim().replace(' ', 'T')
  const at = new Date(/(Z|[+-]\d{2}:?\d{2})$/.test(joined) ? joined : `${joined}Z`)
  return Number.isNaN(at.getTime()) ? null : at
}

function webAddress(value: unknown): string | null {
  const address = text(value)
  return address !== null && /^https?:\/\//.test(address) && URL.canParse(address) ? address : null
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

function number(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null
}

function array(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {}
}
