import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fetchTold, ToldAddressError } from './told-address.ts'

const COPR = 'https://copr.example.org'
const redirect = (location: string) => new Response(null, { status: 302, headers: { location } })

test('a system of the Internet has nothing of an inner network fetched, by an address or by a redirect', async () => {
  const inner = [
    'http://169.254.169.254/latest/meta-data/',
    'http://127.0.0.1:8080/metrics',
    'http://[::1]/',
    'http://[::ffff:10.0.0.1]/',
    'http://0x7f000001/',
    'http://database:5432/',
    'http://minio.packit.svc/',
    'http://localhost./',
    'file:///etc/passwd',
  ]
  for (const url of inner) {
    const asked: string[] = []
    const ask = async (to: string) => {
      asked.push(to)
      return asked.length === 1 ? redirect(url) : new Response('a secret')
    }
    await assert.rejects(fetchTold(url, COPR, ask), ToldAddressError, url)
    assert.deepEqual(asked, [], url)
    await assert.rejects(fetchTold('https://results.example.org/log', COPR, ask), ToldAddressError, url)
    assert.deepEqual(asked, ['https://results.example.org/log'], url)
  }
})

test('what redirects to another host of the Internet is followed, but not for ever', async () => {
  const asked: string[] = []
  const ask = async (to: string) => {
    asked.push(to)
    return to.endsWith('/log') ? redirect('//mirror.example.net/it') : new Response('it')
  }
  assert.equal(await (await fetchTold('https://results.example.org/log', COPR, ask)).text(), 'it')
  assert.deepEqual(asked, ['https://results.example.org/log', 'https://mirror.example.net/it'])
  await assert.rejects(
    fetchTold('https://a.example.org/', COPR, async () => redirect('/again')),
    /more than 5 times/,
  )
})

test('a system of an inner network may name addresses of it', async () => {
  const answer = await fetchTold('http://10.0.0.7/log', 'http://copr.lan', async () => new Response('it'))
  assert.equal(await answer.text(), 'it')
})
