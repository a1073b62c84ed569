import { expect, test } from 'vitest'
import { cursorOf } from './project-queries.ts'

test('the cursor of the next page is read from the header, in whatever order', () => {
  const link = '</api/grid?per_page=20&after=17>; rel="next", </api/grid?per_page=20>; rel="first"'
  expect(cursorOf(link)).toBe(17)
  expect(cursorOf('</api/grid?after=3>; rel="prev", </api/grid>; rel="first"')).toBeNull()
  expect(cursorOf(null)).toBeNull()
})
