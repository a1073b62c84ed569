import { afterEach, expect, test } from 'vitest'
import { apiUrl, isServiceElsewhere } from './base.ts'

afterEach(() => document.head.replaceChildren())

function setHead(html: string) {
  document.head.innerHTML = html
}

test('without another word the API is where the pages come from, under their prefix', () => {
  setHead('<base href="/ci/packit/"><meta name="packit-api" content="">')
  expect(apiUrl('/api/runs?page=2')).toBe('/ci/packit/api/runs?page=2')
  expect(isServiceElsewhere()).toBe(false)
})

test('pages on a host of files ask the service that their head names', () => {
  setHead('<base href="/"><meta name="packit-api" content=" https://ci.example.org/packit ">')
  expect(apiUrl('/api/stream')).toBe('https://ci.example.org/packit/api/stream')
  expect(isServiceElsewhere()).toBe(true)
})

test('a service on the same host may have another path', () => {
  setHead('<base href="/pages/"><meta name="packit-api" content="/ci">')
  expect(apiUrl('/api/runs')).toBe('/ci/api/runs')
  expect(isServiceElsewhere()).toBe(false)
})
