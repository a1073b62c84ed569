// The operations of the API with addresses to ask for, made from its document: a new list is measured, and looked at by
// tests, without being named anywhere.
import type { FastifyInstance } from 'fastify'
import type { ParameterSchema, Samples } from './samples.ts'

interface Parameter {
  name: string
  in: 'query' | 'path'
  required?: boolean
  schema: ParameterSchema
}

interface Document {
  paths: Record<string, { get?: { operationId: string; parameters?: Parameter[]; security?: object[] } }>
}

/** A list can be gone on with by a cursor. */
export interface ListOperation {
  name: string
  /** With the parameters of its path filled in. */
  path: string
  filters: { name: string; values: string[] }[]
  orders: string[]
}

/** The answer about one thing (`detail`), or about the service as a whole. */
export interface DetailOperation {
  name: string
  kind: 'detail' | 'other'
  addresses: string[]
}

/** Parameters of every list that choose no rows. */
const PAGING = ['page', 'per_page', 'after', 'order']

/** Answers that are files, never end, or tell nothing of the data. */
const NOT_JSON = /\/(log|stream|healthz|readyz)$|\.svg$/

interface Source {
  app: FastifyInstance
  samples: Samples
  /** `forge/namespace/repo`, the busiest first. */
  projects: readonly string[]
}

async function readDocument(app: FastifyInstance): Promise<Document> {
  return (await app.inject('/api/openapi.json')).json()
}

/** What nobody can ask without a token is asked too seldom to be measured. */
const needsToken = ({ security = [] }: { security?: object[] }) =>
  security.length > 0 && security.every((scheme) => Object.keys(scheme).length > 0)

/** Every list of the document that anybody can ask for. */
export async function findLists({ app, samples, projects }: Source): Promise<ListOperation[]> {
  const { paths } = await readDocument(app)
  return Object.entries(paths).flatMap(([path, { get }]) => {
    const parameters = (get?.parameters ?? []).filter((parameter) => parameter.in === 'query')
    if (!get || !parameters.some(({ name }) => name === 'after') || needsToken(get)) return []
    const filters = parameters.filter(({ name }) => !PAGING.includes(name))
    const order = parameters.find(({ name }) => name === 'order')
    return [
      {
        name: path,
        path: fillProject(path, projects[0] ?? ''),
        filters: filters.map(({ name, schema }) => ({ name, values: samples(name, schema) })),
        orders: order?.schema.enum ?? [],
      },
    ]
  })
}

/** Every answer that is no list, with `count` addresses at most, which the server answers with 200. */
export async function findDetails(source: Source, count: number): Promise<DetailOperation[]> {
  const { app, samples } = source
  const { paths } = await readDocument(app)
  const found: DetailOperation[] = []
  for (const [path, { get }] of Object.entries(paths)) {
    const parameters = get?.parameters ?? []
    if (!get || parameters.some(({ name }) => name === 'after') || NOT_JSON.test(path) || needsToken(get)) continue
    const kind = path.includes('{') ? 'detail' : 'other'
    const addresses = kind === 'detail' ? await fillPath(source, path, count) : fillQuery(path, parameters, samples)
    const answered: string[] = []
    for (const address of addresses) if ((await app.inject(address)).statusCode === 200) answered.push(address)
    if (answered.length > 0) found.push({ name: path, kind, addresses: answered })
  }
  return found
}

/** With what it can't be asked without, and with what is searched for. */
function fillQuery(path: string, parameters: Parameter[], samples: Samples): string[] {
  const needed = parameters.filter(({ name, required }) => required === true || name === 'q')
  const one = (i: number) =>
    withQuery(path, Object.fromEntries(needed.map(({ name, schema }) => [name, samples(name, schema).at(i)])))
  return needed.length === 0 ? [path] : [one(0), one(-1)]
}

async function fillPath({ app, projects }: Source, path: string, count: number): Promise<string[]> {
  if (path.includes('{id}')) return findById(app, path, count)
  return projects.slice(0, count).map((project) => fillProject(path, project))
}

/** `github.com/acme/hello` into a path; a namespace with slashes is one segment. */
function fillProject(path: string, project: string): string {
  const [forge = '', ...rest] = project.split('/')
  const namespace = rest.slice(0, -1).join('/')
  const values: Record<string, string> = { forge, namespace, repo: rest.at(-1) ?? '' }
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ''))
}

/** Ids from the smallest to the largest that the list beside it has. */
async function findById(app: FastifyInstance, path: string, count: number): Promise<string[]> {
  const list = path.replace(/(\/groups|\/merged)?\/\{id\}$/, '')
  const newest = await app.inject(list)
  const isList = newest.statusCode === 206 || newest.statusCode === 200
  const largest = (isList ? idOf(newest.json()[0]) : undefined) ?? count
  return Array.from({ length: count }, (_, i) => {
    const id = 1 + Math.floor((i * largest) / (path.includes('/groups/') ? 2 * count : count))
    return path.replace('{id}', String(id))
  })
}

/** What entries of lists call their own id, which is what a cursor is made from. */
const IDS = ['packit_id', 'srpm_build_id', 'merged_run_id', 'run_id', 'pr_id', 'issue_id', 'id']

function idOf(entry: unknown): number | undefined {
  if (typeof entry === 'number') return entry
  const fields = (entry ?? {}) as Record<string, unknown>
  return IDS.map((name) => fields[name]).find((value) => typeof value === 'number')
}

/** An address with some parameters more. */
export function withQuery(path: string, parameters: Record<string, string | number | undefined>): string {
  const given = new URLSearchParams()
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) given.set(name, String(value))
  return given.size === 0 ? path : `${path}?${given}`
}

type Answer = Awaited<ReturnType<FastifyInstance['inject']>>

/** The cursor after a page: where the server names it in `Link` it is taken from there, else from the last entry's id. */
export function readCursor(answer: Pick<Answer, 'headers' | 'json'>): string | undefined {
  const next = /<[^>]*[?&]after=([^&>]+)[^>]*>; rel="next"/.exec(String(answer.headers.link ?? ''))
  if (next?.[1]) return decodeURIComponent(next[1])
  const entries: unknown = answer.json()
  const id = Array.isArray(entries) ? idOf(entries.at(-1)) : undefined
  return id === undefined ? undefined : String(id)
}

/** A cursor of a list whose entries don't say their id: that of the page after one that is always there. */
export async function findAnyCursor(app: FastifyInstance, address: string): Promise<string | undefined> {
  for (const after of [Number.MAX_SAFE_INTEGER, 1]) {
    const cursor = readCursor(await app.inject(`${address}${address.includes('?') ? '&' : '?'}after=${after}`))
    if (cursor !== undefined) return cursor
  }
  return undefined
}
