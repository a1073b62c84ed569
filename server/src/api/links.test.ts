import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toLike } from './like.ts'
import { commitUrl } from './links.ts'

test('a commit has a page on the forges whose addresses are known', () => {
  assert.equal(commitUrl('github.com', 'https://github.com/a/b', 'c0'), 'https://github.com/a/b/commit/c0')
  assert.equal(commitUrl('github.com', 'https://github.com/a/b.git', 'c0'), 'https://github.com/a/b/commit/c0')
  assert.equal(
    commitUrl('gitlab.gnome.org', 'https://gitlab.gnome.org/a/b/', 'c0'),
    'https://gitlab.gnome.org/a/b/-/commit/c0',
  )
  assert.equal(commitUrl('git.example', 'https://git.example/a/b', 'c0'), null)
  assert.equal(commitUrl('github.com', 'javascript:alert(1)//', 'c0'), null)
})

test('a search is literal but for * and ?', () => {
  assert.deepEqual(toLike('a%b_c\\d'), { path: '%a\\%b\\_c\\\\d%', name: '%a\\%b\\_c\\\\d%' })
  assert.deepEqual(toLike('a*b?'), { path: 'a%b_', name: 'a%b_' })
  assert.deepEqual(toLike('*_'), { path: '%\\_', name: '%\\_' })
})
