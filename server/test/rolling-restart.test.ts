// Two webs and two workers, each stopped and replaced in turn while deliveries and readers come: nobody notices.
import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type ServerResponse, request as sendRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sign } from '../src/forges/signature.ts'
import { Installation } from './installation.ts'
import { SECRET, type ServiceProcess } from './service-process.ts'

/** Looks at each web so often; those that are not ready get nothing. */
const LOOK_MS = 200
/** A web answers for some looks longer than it says that it is ready. */
const DRAIN = '2s'

/** A proxy that sends each request to the next web that is ready, once. */
async function startProxy(webs: () => readonly ServiceProcess[]) {
  let ready: ServiceProcess[] = []
  let next = 0
  const look = async () => {
    const answers = await Promise.all(
      webs().map(async (web) => {
        const answer = await fetch(`${web.url}/api/readyz`, { signal: AbortSignal.timeout(5000) }).catch(
          () => undefined,
        )
        await answer?.arrayBuffer().catch(() => {})
        return answer?.status === 200 ? web : undefined
      }),
    )
    ready = answers.filter((web) => web !== undefined)
  }
  const server = createServer((incoming, outgoing) => {
    next += 1
    const web = ready[next % Math.max(1, ready.length)]
    if (web) pass(web, incoming, outgoing)
    else outgoing.writeHead(503).end('no web is ready')
  })
  await look()
  const timer = setInterval(() => void look(), LOOK_MS)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    isReady: (web: ServiceProcess) => ready.includes(web),
    async [Symbol.asyncDispose]() {
      clearInterval(timer)
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function pass(web: ServiceProcess, incoming: IncomingMessage, outgoing: ServerResponse): void {
  const { method, url, headers } = incoming
  const onward = sendRequest(`${web.url}${url}`, { method, headers }, (answer) => {
    // how long this side keeps its connection is its own affair
    const { connection: _, ...kept } = answer.headers
    outgoing.writeHead(answer.statusCode ?? 502, kept)
    answer.pipe(outgoing)
  })
  onward.on('error', (error) => outgoing.headersSent || outgoing.writeHead(502).end(String(error)))
  incoming.pipe(onward)
}

test('processes are replaced one by one, and no request fails, no delivery is lost, no run ends twice', async () => {
  await using all = await Installation.create({ PACKIT_DRAIN_TIME: DRAIN })
  const [web1, web2, worker1, worker2] = await Promise.all(
    (['web', 'web', 'worker', 'worker'] as const).map((role) => all.start(role)),
  )
  let webs = [web1, web2].filter((web) => web !== undefined)
  await using proxy = await startProxy(() => webs)
  const failures: string[] = []
  let answered = 0
  let sent = 0
  const stop = new AbortController()
  const ask = async (what: string, send: () => Promise<Response>, expected: readonly number[]) => {
    const answer = await send().catch((error: unknown) => String(error))
    const status = typeof answer === 'string' ? answer : answer.status
    if (expected.some((one) => one === status)) answered += 1
    else failures.push(`${what}: ${status} ${typeof answer === 'string' ? '' : await answer.text()}`)
    if (typeof answer !== 'string') await answer.arrayBuffer().catch(() => {})
  }
  const read = async (path: string) => {
    while (!stop.signal.aborted) {
      await ask(path, () => fetch(`${proxy.url}${path}`), [200, 206])
      await sleep(30)
    }
  }
  const { delivery } = await all.makePullRequest()
  let wanted = 1
  const deliver = async () => {
    while (!stop.signal.aborted) {
      // builds take long: one delivery comes while each process stops
      if (sent >= wanted) {
        await sleep(50)
        continue
      }
      sent += 1
      // each is one of another pull request, of the same commit
      const body = JSON.stringify({ ...delivery, number: sent })
      const headers = {
        'content-type': 'application/json',
        'x-packit-delivery': `delivery-${sent}`,
        'x-packit-signature-256': sign(SECRET, body),
      }
      await ask(
        `delivery ${sent}`,
        () => fetch(`${proxy.url}/api/webhooks/git`, { method: 'POST', headers, body }),
        [202],
      )
      await sleep(200)
    }
  }
  const load = [read('/api/runs'), read('/api/status'), deliver()]

  for (const old of [worker1, web1, worker2, web2]) {
    if (!old) throw new Error('a process is missing')
    const isWeb = webs.includes(old)
    const fresh = await all.start(isWeb ? 'web' : 'worker')
    if (isWeb) {
      webs = [...webs, fresh]
      await fresh.until(() => proxy.isReady(fresh), 'was found by the proxy')
    }
    const before = answered
    wanted += 1
    assert.equal(await old.stop(), 0, old.errors)
    webs = webs.filter((web) => web !== old)
    await fresh.until(() => answered > before + 5, 'saw requests answered')
  }
  stop.abort()
  await Promise.all(load)
  assert.deepEqual(failures, [])
  assert.ok(answered > 50, String(answered))

  const [web] = webs
  if (!web) throw new Error('no web is left')
  const hasEnded = async () => {
    const runs = await all.runs(web)
    return runs.length === sent && runs.every(({ state }) => state !== 'pending' && state !== 'running')
  }
  await web.until(hasEnded, 'showed the end of each run', 200)
  // each run once, and each step of it
  const rows = await all.database.db.query.pipelines.findMany()
  assert.equal(new Set(rows.map(({ eventId }) => eventId)).size, sent)
  assert.deepEqual([...new Set(rows.map(({ attempt }) => attempt))], [1])
  const srpms = await all.database.db.query.srpmBuilds.findMany()
  assert.deepEqual([...new Set(srpms.map(({ state }) => state))], ['success'])
  const targets = await all.database.db.query.buildTargets.findMany()
  assert.deepEqual([...new Set(targets.map(({ state }) => state))].sort(), ['skipped', 'success'])
  const builds = await all.database.db.query.builds.findMany()
  assert.deepEqual([...new Set(builds.map(({ crashes }) => crashes))], [0])
})
