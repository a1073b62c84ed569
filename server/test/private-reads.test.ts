// A service that has private repositories: nobody reads without a token.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addToken } from './add-token.ts'
import { createApi } from './api-world.ts'

test('where there are private repositories, API, logs, stream and repositories need a token, of whatever scope', async () => {
  await using api = await createApi({ readsNeedToken: true })
  await api.storage.put('repos/acme-hello-41/fedora-43-x86_64/repodata/repomd.xml', '<repomd/>')
  const token = await addToken(api.database.db, ['read'])
  const bearer = { authorization: `Bearer ${token}` }
  const basic = { authorization: `Basic ${Buffer.from(`token:${token}`).toString('base64')}` }
  const repomd = '/repos/acme-hello-41/fedora-43-x86_64/repodata/repomd.xml'

  for (const url of [
    '/api/runs',
    '/api/runs/merged/1',
    '/api/projects',
    '/api/srpm-builds/1/log',
    '/api/stream',
    repomd,
  ]) {
    const refused = await api.get(url)
    assert.equal(refused.statusCode, 401, url)
    assert.match(String(refused.headers['www-authenticate']), /^Bearer, Basic /)
    assert.ok(!refused.body.includes('acme'), url)
  }
  assert.equal((await api.get('/api/runs', bearer)).statusCode, 206)
  assert.match(String((await api.get('/api/runs', bearer)).headers['cache-control']), /^private/)
  assert.equal((await api.get(repomd, basic)).body, '<repomd/>')
  assert.equal((await api.get('/api/runs', { authorization: 'Basic YTpi' })).statusCode, 401)
  for (const url of ['/api/healthz', '/api/readyz', '/api/openapi.json', '/api/'])
    assert.ok((await api.get(url)).statusCode < 400, url)
})

test('a service without private repositories is open to read', async () => {
  await using api = await createApi()
  assert.equal((await api.get('/api/runs')).statusCode, 206)
})
