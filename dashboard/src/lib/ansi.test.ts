import { expect, test } from 'vitest'
import { parseAnsi, stripAnsi } from './ansi.ts'

test('colours become classes and end where they end', () => {
  expect(parseAnsi('a \x1b[1;31mred\x1b[0m b')).toEqual([
    { text: 'a ', className: '' },
    { text: 'red', className: 'ansi-red ansi-bold' },
    { text: ' b', className: '' },
  ])
})

test('bright colours count as their plain ones, and extended ones leave no rest', () => {
  expect(parseAnsi('\x1b[92mok')).toEqual([{ text: 'ok', className: 'ansi-green' }])
  expect(parseAnsi('\x1b[38;5;31mx\x1b[38;2;1;31;3my')).toEqual([
    { text: 'x', className: '' },
    { text: 'y', className: '' },
  ])
})

test('cursor movements, titles and links vanish', () => {
  expect(stripAnsi('\x1b[2K\x1b]0;title\x07\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\')).toBe('link')
})

test('of what a carriage return overwrote only the last stays', () => {
  expect(stripAnsi('10 %\r50 %\r100 %')).toBe('100 %')
  expect(stripAnsi('windows line\r')).toBe('windows line')
})

test('other control characters are shown, not obeyed', () => {
  expect(stripAnsi('a\x08\x00b\tc')).toBe('a��b\tc')
})

test('an endless line is cut, and says how long it is', () => {
  const shown = stripAnsi('x'.repeat(100_000))
  expect(shown.length).toBeLessThan(5_000)
  expect(shown).toContain('(100000 characters)')
})
