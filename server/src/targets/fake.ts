import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface FakeRelease {
  name: string
  id_prefix: string
  version: string
  branch: string
  state: string
}

/** Bodhi and Copr as far as their lists go: a real HTTP server, whose answers a test may change. */
export class FakeTargetServer {
  releases: FakeRelease[] = []
  chroots: string[] = []
  /** Answers instead of the lists; `hang` never ends. */
  fault: { status: number; body: string } | 'hang' | undefined
  rowsPerPage = 3
  /** Addresses that were asked for. */
  readonly asked: string[] = []
  readonly #server = createServer((request, response) => this.#answer(request, response))

  static async start(): Promise<FakeTargetServer> {
    const fake = new FakeTargetServer()
    await new Promise<void>((resolve) => fake.#server.listen(0, '127.0.0.1', resolve))
    return fake
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', this.url)
    this.asked.push(`${url.pathname}${url.search}`)
    if (this.fault === 'hang') return
    if (this.fault) return void response.writeHead(this.fault.status).end(this.fault.body)
    const body = url.pathname === '/releases/' ? this.#page(url) : this.#chroots(url)
    if (!body) return void response.writeHead(404).end('{}')
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  }

  #page({ searchParams }: URL): object {
    const states = (searchParams.get('state') ?? '').split(',')
    const rows = Math.min(this.rowsPerPage, Number(searchParams.get('rows_per_page') ?? 20))
    const page = Number(searchParams.get('page') ?? 1)
    const found = this.releases.filter(({ state }) => states.includes(state))
    const releases = found.slice((page - 1) * rows, page * rows)
    return { releases, page, pages: Math.ceil(found.length / rows), rows_per_page: rows, total: found.length }
  }

  #chroots({ pathname }: URL): object | undefined {
    if (pathname !== '/api_3/mock-chroots/list') return undefined
    return Object.fromEntries(this.chroots.map((name) => [name, '']))
  }
}
