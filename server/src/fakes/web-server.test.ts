import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readBody, startWebServer } from './web-server.ts'

test('a fake answers at its address, and says of its own fault whose it is', async () => {
  const { server, url } = await startWebServer(
    async (request, response) => {
      if (request.url === '/broken') throw new Error('a bug')
      response.end(await readBody(request))
    },
    { name: 'Copr', port: 0, host: '127.0.0.1' },
  )
  try {
    assert.equal(await (await fetch(url, { method: 'POST', body: 'what was sent' })).text(), 'what was sent')
    const broken = await fetch(`${url}/broken`)
    assert.equal(broken.status, 500)
    const { error, message } = (await broken.json()) as { error: string; message: string }
    assert.match(error, /^fault of the fake Copr: Error: a bug/)
    assert.equal(message, error)
  } finally {
    server.close()
  }
})
