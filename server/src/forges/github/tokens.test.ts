import assert from 'node:assert/strict'
import { generateKeyPairSync, verify } from 'node:crypto'
import { test } from 'node:test'
import { createJwt, Tokens } from './tokens.ts'

const START = new Date('2026-11-24T12:00:00Z')
const HOUR_MS = 3_600_000

function openWorld() {
  let now = START
  const made: string[] = []
  const tokens = new Tokens(
    async (id, { fetches }) => {
      made.push(fetches === undefined ? `${id}` : `${id} ${fetches}`)
      return { token: `token ${made.length}`, expiresAt: new Date(now.getTime() + HOUR_MS) }
    },
    () => now,
  )
  return {
    tokens,
    made,
    later: (ms: number) => {
      now = new Date(now.getTime() + ms)
    },
  }
}

test('a token is used until five minutes before its end, then renewed', async () => {
  const { tokens, made, later } = openWorld()
  assert.equal(await tokens.get(7), 'token 1')
  later(HOUR_MS - 5 * 60_000)
  assert.equal(await tokens.get(7), 'token 1')
  later(1)
  assert.equal(await tokens.get(7), 'token 2')
  assert.deepEqual(made, ['7', '7'])
})

test('who wants a token while it is made gets that one', async () => {
  const { tokens, made } = openWorld()
  const got = await Promise.all([tokens.get(7), tokens.get(7), tokens.get(8), tokens.get(7)])
  assert.deepEqual(got, ['token 1', 'token 1', 'token 2', 'token 1'])
  assert.deepEqual(made, ['7', '8'])
})

test('a refused token is replaced once, however many were refused with it', async () => {
  const { tokens, made } = openWorld()
  const refused = await tokens.get(7)
  const got = await Promise.all([tokens.replace(7, refused), tokens.replace(7, refused)])
  assert.deepEqual([...got, await tokens.replace(7, refused)], ['token 2', 'token 2', 'token 2'])
  assert.equal(made.length, 2)
})

test('a token to fetch with is for one repository, and no other work gets it', async () => {
  const { tokens, made, later } = openWorld()
  assert.equal(await tokens.get(7), 'token 1')
  assert.equal(await tokens.get(7, { fetches: 'hello' }), 'token 2')
  assert.equal(await tokens.get(7, { fetches: 'other' }), 'token 3')
  assert.deepEqual(made, ['7', '7 hello', '7 other'])
  later(HOUR_MS - 10 * 60_000)
  assert.equal(await tokens.get(7, { fetches: 'hello' }, 20 * 60_000), 'token 4')
})

test('a token that could not be made is asked for again', async () => {
  let isDown = true
  const tokens = new Tokens(
    async () => {
      if (isDown) throw new Error('down')
      return { token: 't', expiresAt: new Date(START.getTime() + HOUR_MS) }
    },
    () => START,
  )
  await assert.rejects(tokens.get(7), /down/)
  isDown = false
  assert.equal(await tokens.get(7), 't')
})

test('the App signs in by a text of ours, dated a minute back and good for less than ten minutes', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const pem = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()
  const [head = '', body = '', signature = ''] = createJwt({ appId: 42, privateKey: pem }, START).split('.')
  const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString())
  const seconds = START.getTime() / 1000
  assert.deepEqual(read(head), { alg: 'RS256', typ: 'JWT' })
  assert.deepEqual(read(body), { iat: seconds - 60, exp: seconds + 480, iss: '42' })
  assert.ok(verify('sha256', Buffer.from(`${head}.${body}`), publicKey, Buffer.from(signature, 'base64url')))
})
