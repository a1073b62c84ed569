import { expect, test } from 'vitest'
import { badgePath, badgeSnippet } from './badge.ts'

const PROJECT = { forge: 'gitlab.com', namespace: 'group/sub', repo: 'tool' }

test('a badge has the slashes of a namespace and the words of a choice encoded', () => {
  expect(badgePath(PROJECT, {})).toBe('/api/badge/gitlab.com/group%2Fsub/tool.svg')
  expect(badgePath(PROJECT, { branch: 'a b/c', target: 'fedora-45-x86_64' })).toBe(
    '/api/badge/gitlab.com/group%2Fsub/tool.svg?branch=a%20b%2Fc&target=fedora-45-x86_64',
  )
})

test('a branch and a pull request are never asked for together', () => {
  expect(badgePath(PROJECT, { branch: 'main', pr: 4 })).toBe('/api/badge/gitlab.com/group%2Fsub/tool.svg?branch=main')
})

test('each format links the badge to the page', () => {
  const lines = (format: Parameters<typeof badgeSnippet>[0]) =>
    badgeSnippet(format, 'https://p.example/b.svg?branch=a&target=b', 'https://p.example/projects/x', 'Packit: a/b')
  expect(lines('Markdown')).toBe(
    '[![Packit: a/b](https://p.example/b.svg?branch=a&target=b)](https://p.example/projects/x)',
  )
  expect(lines('HTML')).toBe(
    '<a href="https://p.example/projects/x"><img src="https://p.example/b.svg?branch=a&amp;target=b" alt="Packit: a/b"></a>',
  )
  expect(lines('reStructuredText')).toBe(
    '.. image:: https://p.example/b.svg?branch=a&target=b\n   :target: https://p.example/projects/x\n   :alt: Packit: a/b',
  )
  expect(lines('AsciiDoc')).toBe(
    'image:https://p.example/b.svg?branch=a&target=b["Packit: a/b",link="https://p.example/projects/x"]',
  )
})

test('a parenthesis in a name does not end the address in Markdown', () => {
  expect(badgeSnippet('Markdown', 'https://p/b.svg?branch=a(1)', 'https://p/x', 'a')).toBe(
    '[![a](https://p/b.svg?branch=a%281%29)](https://p/x)',
  )
})
