import { expect, test } from 'vitest'
import { shortNames } from './short-names.ts'
import { wordsOf } from './words.ts'

test('a property has the same short name in all sheets, and no two share one', () => {
  const [first, second] = shortNames(['a{--pf-x:1;--pf-x-y:var(--pf-x)}', 'b{top:var(--pf-x-y)}'], '')
  const [, x, y] = /^a\{(--\w+):1;(--\w+):var\(\1\)\}$/.exec(first ?? '') ?? []
  expect(x).not.toBe(y)
  expect(second).toBe(`b{top:var(${y})}`)
})

test('names that the code uses stay', () => {
  expect(shortNames(['a{--pf-x:1;--pf-y:2}'], 'style.setProperty("--pf-x", 3)')[0]).toContain('--pf-x:1')
})

test('words are whatever a style sheet may name', () => {
  expect([...wordsOf(['className: "pf-v6-c-label pf-m-red" + x1'])]).toEqual([
    'className',
    'pf-v6-c-label',
    'pf-m-red',
    'x1',
  ])
})
