import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'

/** How long requests may take that are being answered when the server stops. */
const GRACE_MS = 10_000
const LOOK_MS = 50

/**
 * Lets requests that are being answered end when the server stops, but not for ever, and waits for nothing else: Node
 * would wait for connections on which nothing was asked yet (browsers open some ahead), and for those that become idle
 * only after it began to stop.
 */
export function endConnections(app: FastifyInstance, isStopping: () => boolean = () => false): void {
  // who asks again finds another process, as the proxy has been told
  app.addHook('onSend', async (_request, reply) => {
    if (isStopping()) reply.header('connection', 'close')
  })
  const open = new Set<Socket>()
  const busy = new Set<Socket>()
  app.server.on('connection', (socket) => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  })
  app.server.on('request', ({ socket }, response) => {
    busy.add(socket)
    response.once('close', () => busy.delete(socket))
  })
  const endIdle = () => {
    for (const socket of open) if (!busy.has(socket)) socket.destroy()
  }
  app.addHook('preClose', async () => {
    const idle = setInterval(endIdle, LOOK_MS).unref()
    const late = setTimeout(() => app.server.closeAllConnections(), GRACE_MS).unref()
    app.server.once('close', () => {
      clearInterval(idle)
      clearTimeout(late)
    })
  })
}
