import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findRedirect, rewriteUrl } from './rewrite-url.ts'

const FOLDED: [string, string][] = [
  ['gitlab.com', 'gitlab.com'],
  ['gitlab.com/group', 'gitlab.com/group'],
  ['gitlab.com/group/sub', 'gitlab.com/group/sub'],
  ['gitlab.com/group/sub/tool', 'gitlab.com/group%2Fsub/tool'],
  ['gitlab.com/group%2Fsub/tool', 'gitlab.com/group%2Fsub/tool'],
  ['gitlab.com/group%2fsub%2Ftool', 'gitlab.com/group%2Fsub/tool'],
  ['gitlab.com/group/sub/tool/prs?page=2', 'gitlab.com/group%2Fsub/tool/prs?page=2'],
  ['gitlab.com/group/sub/prs', 'gitlab.com/group/sub/prs'],
  ['gitlab.com/a/b/c/d/branches', 'gitlab.com/a%2Fb%2Fc/d/branches'],
  ['github.com/acme/prs', 'github.com/acme/prs'],
  ['gitlab.com/group/sub/tool/config', 'gitlab.com/group%2Fsub/tool/config'],
  ['gitlab.com/group%2Fsub/tool/grid', 'gitlab.com/group%2Fsub/tool/grid'],
  ['gitlab.com/group%2Fsub/config', 'gitlab.com/group%2Fsub/config'],
  ['github.com/acme/hello/statistics?days=7', 'github.com/acme/hello/statistics?days=7'],
  ['github.com/acme/hello?q=/a/b/c', 'github.com/acme/hello?q=/a/b/c'],
]
for (const [asked, found] of FOLDED) {
  test(`projects/${asked} is looked up as ${found}`, () => {
    assert.equal(rewriteUrl(`/api/projects/${asked}`, ''), `/api/projects/${found}`)
  })
}

const FOLDED_USAGE: [string, string][] = [
  ['github.com/acme/hello', 'github.com/acme/hello'],
  ['gitlab.com/group/sub/tool?from=2026-01-01', 'gitlab.com/group%2Fsub/tool?from=2026-01-01'],
  ['gitlab.com/group%2Fsub/tool', 'gitlab.com/group%2Fsub/tool'],
  ['gitlab.com/a/b/c/prs', 'gitlab.com/a%2Fb%2Fc/prs'],
]
for (const [asked, found] of FOLDED_USAGE) {
  test(`usage/project/${asked} is looked up as ${found}`, () => {
    assert.equal(rewriteUrl(`/api/usage/project/${asked}`, ''), `/api/usage/project/${found}`)
  })
}

test('the namespace of a badge is folded likewise, whatever its project is called', () => {
  for (const asked of ['gitlab.com/group/sub/tool.svg', 'gitlab.com/group%2Fsub/tool.svg'])
    assert.equal(rewriteUrl(`/api/badge/${asked}?pr=1`, ''), '/api/badge/gitlab.com/group%2Fsub/tool.svg?pr=1')
  assert.equal(rewriteUrl('/api/badge/gitlab.com/group/sub/prs', ''), '/api/badge/gitlab.com/group%2Fsub/prs')
})

test('the prefix is taken off, whether a proxy has done so or not', () => {
  assert.equal(rewriteUrl('/ci/api/projects/g/a/b/c', '/ci'), '/api/projects/g/a%2Fb/c')
  assert.equal(rewriteUrl('/api/runs', '/ci'), '/api/runs')
  assert.equal(rewriteUrl('/ci', '/ci'), '/')
  assert.equal(rewriteUrl('/ci?x', '/ci'), '/?x')
  assert.equal(rewriteUrl('/cinema', '/ci'), '/cinema')
})

test('an address of the API is made regular, any other left as it is', () => {
  assert.equal(findRedirect('/api/runs'), undefined)
  assert.equal(findRedirect('/api/'), undefined)
  assert.equal(findRedirect('/api'), '/api/')
  assert.equal(findRedirect('/api///runs//?a=//'), '/api/runs?a=//')
  assert.equal(findRedirect('//evil.example/'), undefined)
  assert.equal(findRedirect('/apis/'), undefined)
})
