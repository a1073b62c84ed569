import { expect, test } from 'vitest'
import { shellWord, tryCommand } from './advice.ts'
import { groupCauses } from './causes.ts'

test('the command names the pull request, else the ref', () => {
  const project_url = 'https://github.com/acme/hello'
  expect(tryCommand({ project_url, pr: 12, ref: 'topic' })).toBe(`npx packit-service try ${project_url} --pr 12`)
  expect(tryCommand({ project_url, pr: null, ref: 'main' })).toBe(`npx packit-service try ${project_url} --head main`)
  expect(tryCommand({ project_url: null, pr: 1, ref: null })).toBeNull()
})

test('a branch cannot smuggle a second command into what people copy', () => {
  expect(shellWord("a;rm -rf ~'")).toBe(`'a;rm -rf ~'\\'''`)
  expect(shellWord('$(id)')).toBe(`'$(id)'`)
})

test('the same failure in several chroots is told once', () => {
  const cause = { section: '%check', summary: 'tests failed', lines: [{ text: 'not ok 1' }] }
  const other = { ...cause, lines: [{ text: 'not ok 2' }] }
  expect(groupCauses([cause, other, cause]).map((group) => group.causes.length)).toEqual([2, 1])
})
