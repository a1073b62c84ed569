import { expect, test } from 'vitest'
import { nameOf, safeBack } from './account.ts'

test('everybody is called by the shortest name that tells them apart', () => {
  expect(nameOf({ name: 'github.com/ann', by: 'forge', login: 'ann' })).toBe('ann')
  expect(nameOf({ name: 'token 3 (ci)', by: 'token', login: null })).toBe('ci')
  expect(nameOf({ name: 'sign-in link', by: 'link', login: null })).toBe('operator')
})

test('the way back leads to pages of ours, and not in a circle', () => {
  expect(safeBack('/pipeline/7?log=build-9')).toBe('/pipeline/7?log=build-9')
  for (const text of ['//evil.example', '/\\evil.example', 'https://evil.example', '/sign-in?x', undefined])
    expect(safeBack(text)).toBe('/')
})
