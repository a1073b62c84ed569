import { expect, test } from 'vitest'
import { fileUrl, issueUrl } from './forge-links.ts'

const at = (forge: string, projectUrl: string, line: number | null = 3) =>
  fileUrl({ forge, projectUrl, commit: 'abc', file: 'dist/.packit.yaml', line })

test('a line of a file is found on each forge whose addresses are known', () => {
  expect(at('github.com', 'https://github.com/a/b')).toBe('https://github.com/a/b/blob/abc/dist/.packit.yaml#L3')
  expect(at('gitlab.com', 'https://gitlab.com/a/b.git')).toBe('https://gitlab.com/a/b/-/blob/abc/dist/.packit.yaml#L3')
  expect(at('codeberg.org', 'https://codeberg.org/a/b/')).toBe(
    'https://codeberg.org/a/b/src/commit/abc/dist/.packit.yaml#L3',
  )
  expect(at('src.fedoraproject.org', 'https://src.fedoraproject.org/rpms/b')).toBe(
    'https://src.fedoraproject.org/rpms/b/blob/abc/f/dist/.packit.yaml#_3',
  )
  expect(at('github.com', 'https://github.com/a/b', null)).toBe('https://github.com/a/b/blob/abc/dist/.packit.yaml')
})

test('there is no link where a forge, its address or the commit is not known', () => {
  expect(at('git.example.org', 'https://git.example.org/a/b')).toBeNull()
  expect(at('github.com', '/srv/git/b')).toBeNull()
  expect(fileUrl({ forge: 'github.com', projectUrl: 'https://github.com/a/b', commit: null, file: 'x' })).toBeNull()
})

test('issues have the address of their forge', () => {
  expect(issueUrl('gitlab.com', 'https://gitlab.com/a/b', 7)).toBe('https://gitlab.com/a/b/-/issues/7')
  expect(issueUrl('pagure.io', 'https://pagure.io/b', 7)).toBe('https://pagure.io/b/issue/7')
})
