// A way to a system that is not to be relied on: a proxy that loses, delays and refuses a part of what passes.
import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** `timed-out`: held for a while, then cut. `dropped`: cut before anything was done; `answer-lost`: after it was done. */
export const FAULTS = ['bad-gateway', 'timed-out', 'dropped', 'answer-lost'] as const
export type Fault = (typeof FAULTS)[number]

export interface GatewayOptions {
  /** Where what passes goes to. */
  target: string
  faults: readonly Fault[]
  /** Of all requests, so large a part meets each kind. */
  share: number
  random: () => number
  /** How long a request that times out is held. */
  holdMs: number
}

export interface Gateway extends AsyncDisposable {
  url: string
  /** What passed or not, by kind. */
  counts: Record<Fault | 'passed', number>
  /** From now on everything passes. */
  heal(): void
}

const PAGE = '<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>\n'

export async function openGateway(options: GatewayOptions): Promise<Gateway> {
  const counts = { passed: 0, 'bad-gateway': 0, 'timed-out': 0, dropped: 0, 'answer-lost': 0 }
  const agent = new http.Agent({ keepAlive: true })
  let isHealed = false
  const server = http.createServer((request, response) => {
    const fault = isHealed ? undefined : chooseFault(options)
    counts[fault ?? 'passed'] += 1
    if (fault === 'dropped') return void request.socket.destroy()
    if (fault === 'timed-out') return void setTimeout(() => request.socket.destroy(), options.holdMs)
    if (fault === 'bad-gateway') {
      request.resume()
      return void response.writeHead(502, { 'content-type': 'text/html' }).end(PAGE)
    }
    pass(request, response, { target: options.target, agent, isLost: fault === 'answer-lost' })
  })
  // who asks keeps connections longer than this one does: one that is closed between two requests would be one more fault
  server.keepAliveTimeout = 120_000
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    counts,
    heal: () => {
      isHealed = true
    },
    async [Symbol.asyncDispose]() {
      agent.destroy()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function chooseFault({ faults, share, random }: GatewayOptions): Fault | undefined {
  return faults[Math.floor(random() / share)]
}

function pass(
  request: IncomingMessage,
  response: ServerResponse,
  { target, agent, isLost }: { target: string; agent: http.Agent; isLost: boolean },
): void {
  const { method, headers } = request
  const further = http.request(new URL(request.url ?? '/', target), { method, headers, agent }, (answer) => {
    if (isLost) {
      answer.resume()
      return void answer.on('end', () => request.socket.destroy())
    }
    response.writeHead(answer.statusCode ?? 502, answer.rawHeaders)
    answer.pipe(response)
  })
  further.on('error', () => request.socket.destroy())
  request.pipe(further)
}
