import assert from 'node:assert/strict'
import { test } from 'node:test'
import { installUrl, readApiUrl, webUrlOf } from './addresses.ts'

test('pages and API of a GitHub are found from each other', () => {
  for (const [typed, api, web] of [
    ['github.com', 'https://api.github.com', 'https://github.com'],
    ['https://www.github.com/acme', 'https://api.github.com', 'https://github.com'],
    ['acme.ghe.com', 'https://api.acme.ghe.com', 'https://acme.ghe.com'],
    ['github.example.org', 'https://github.example.org/api/v3', 'https://github.example.org'],
    ['https://github.example.org/api/v3/', 'https://github.example.org/api/v3', 'https://github.example.org'],
    ['http://127.0.0.1:99', 'http://127.0.0.1:99/api/v3', 'http://127.0.0.1:99'],
  ] as const) {
    assert.equal(readApiUrl(typed), api, typed)
    assert.equal(webUrlOf(api), web, typed)
  }
})

test('what is no address, or holds a password, is refused', () => {
  for (const typed of ['', 'two words', 'https://a:b@github.example.org', 'javascript:alert(1)'])
    assert.throws(() => readApiUrl(typed), TypeError, typed)
})

test('an App is installed from its page', () => {
  const app = { apiUrl: 'https://github.example.org/api/v3', slug: 'packit-x' }
  assert.equal(installUrl(app), 'https://github.example.org/apps/packit-x/installations/new')
})
