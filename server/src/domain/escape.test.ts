import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isSafeName, markdownBlock, markdownText, plainText, repositoryName, terminalText } from './escape.ts'

const binary = fc.string({ unit: 'binary' })
const CONTROL = /[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/

test('in the terminal, what it would obey is shown instead', () => {
  assert.equal(terminalText('\x1b[31mred\x07'), '\\x1b[31mred\\x07')
  assert.equal(terminalText('a\r\nb\tc'), 'a\\r\\nb\\tc')
  assert.equal(terminalText('main\u202egnp.exe'), 'main\\u202egnp.exe')
  assert.equal(terminalText('\x9b2J\u{e0041}'), '\\x9b2J\\u{e0041}')
  assert.equal(terminalText('Grüße 👍'), 'Grüße 👍')
})

test('whatever the text, the terminal gets one line without control characters', () => {
  fc.assert(fc.property(binary, (text) => assert.doesNotMatch(terminalText(text), CONTROL)))
})

test('a plain text has lost its colours and nothing that can be read', () => {
  assert.equal(plainText('\x1b[1;31merror:\x1b[0m a\tb\n'), 'error: a\tb\n')
  assert.equal(plainText('\x1b]8;;https://example.org\x1b\\link\x1b]8;;\x07'), 'link')
  assert.equal(plainText('\x1b(Bx\x1b7y\x1b=z'), 'xyz')
})

test('an escape sequence without end hides nothing', () => {
  assert.equal(plainText('\x1b]0;the rest'), ']0;the rest')
  assert.equal(plainText('\x1bPthe rest'), 'the rest')
})

test('whatever the text, a plain text has no control characters, and making it plain again changes nothing', () => {
  fc.assert(
    fc.property(binary, (text) => {
      assert.doesNotMatch(plainText(text).replace(/[\t\n]/g, ''), CONTROL)
      assert.equal(plainText(plainText(text)), plainText(text))
    }),
  )
})

test('in Markdown a text makes no markup, HTML, link or image', () => {
  assert.equal(markdownText('# *a* _b_ `c` <img src=x>'), '\\# \\*a\\* \\_b\\_ \\`c\\` \\<img src\\=x\\>')
  assert.equal(markdownText('[x](javascript:alert)'), '\\[x\\]\\(javascript\\:alert\\)')
  assert.equal(markdownText('![x](y) a|b'), '\\!\\[x\\]\\(y\\) a\\|b')
  assert.equal(markdownText('1. one\n\n- two'), '1\\. one \\- two')
  assert.equal(markdownText('&lt; \\ $x$ ~~y~~'), '\\&lt; \\\\ \\$x\\$ \\~\\~y\\~\\~')
})

test('in Markdown a text calls nobody and refers to nothing', () => {
  assert.equal(markdownText('@jane thanks'), '@\u2060jane thanks')
  assert.equal(markdownText('org/repo#12 and GH-3'), 'org/repo\\#\u206012 and GH\u2060\\-3')
  assert.equal(markdownText('0123456789abcdef'), '0123456\u2060789abcdef')
  assert.equal(markdownText('https://example.org'), 'https\u2060\\://example\\.org')
  assert.equal(markdownText('www.example.org'), 'www\u2060\\.example\\.org')
})

test('whatever the text, every character that means something in Markdown is escaped', () => {
  const rest = (text: string) => markdownText(text).replace(/\\[!-/:-@[-`{-~]/g, '')
  fc.assert(
    fc.property(fc.oneof(binary, fc.string()), (text) =>
      assert.doesNotMatch(rest(text), /[`*_<>[\]()\\|~#\n]|@(?!\u2060)/),
    ),
  )
})

test('a block of Markdown has a fence longer than any in it', () => {
  assert.equal(markdownBlock('a\n````\nb'), '`````text\na\n````\nb\n`````')
  assert.equal(markdownBlock('a'), '```text\na\n```')
})

test('a safe name has letters, digits and "._+~-", and is no path', () => {
  for (const name of ['a', 'hello-1.2~rc1+git_3', '.hidden', '...']) assert.equal(isSafeName(name), true, name)
  for (const name of ['', '.', '..', 'a/b', 'a b', 'a\n', 'ä', 'a'.repeat(256), '%2e', "a'"])
    assert.equal(isSafeName(name), false, name)
})

const PROJECT = { forge: 'github.com', namespace: 'packit', repo: 'ogr', ref: '12' }

test('a repository is named for namespace, repository and reference; outside of GitHub for the host, too', () => {
  assert.equal(repositoryName(PROJECT), 'packit-ogr-12')
  assert.equal(
    repositoryName({ ...PROJECT, forge: 'gitlab.com', namespace: 'group/sub' }),
    'gitlab.com-group-sub-ogr-12',
  )
  assert.equal(repositoryName({ ...PROJECT, ref: 'releases' }), 'packit-ogr-releases')
  assert.equal(repositoryName({ ...PROJECT, ref: 'feature/x y@2' }), 'packit-ogr-feature-x-y-2')
})

test('the identifier ends the name, except where several packages share it', () => {
  assert.equal(repositoryName({ ...PROJECT, identifier: 'el' }), 'packit-ogr-12-el')
  assert.equal(repositoryName({ ...PROJECT, identifier: 'el', monorepo: true }), 'packit-ogr-12')
  assert.equal(repositoryName({ ...PROJECT, identifier: null }), 'packit-ogr-12')
})

test('a name that is too long for a file is cut, and stays a name of its own', () => {
  const nameOf = (ref: string) => repositoryName({ ...PROJECT, ref })
  const long = nameOf('x'.repeat(500))
  assert.match(long, /^packit-ogr-x+-[0-9a-f]{16}$/)
  assert.equal(long.length, 160)
  assert.notEqual(long, nameOf('x'.repeat(501)))
})

test('different projects can have one name: whoever publishes has to look', () => {
  assert.equal(
    repositoryName({ ...PROJECT, namespace: 'a-b', repo: 'c' }),
    repositoryName({ ...PROJECT, namespace: 'a', repo: 'b-c' }),
  )
  assert.equal(repositoryName({ ...PROJECT, ref: 'x/y' }), repositoryName({ ...PROJECT, ref: 'x-y' }))
  assert.equal(
    repositoryName({ ...PROJECT, forge: 'gitlab.com', namespace: 'a' }),
    repositoryName({ ...PROJECT, namespace: 'gitlab.com-a' }),
  )
})

test('whatever the parts, the name is safe in a path', () => {
  const part = fc.oneof(binary, fc.constantFrom('..', '.', '/', ''))
  const parts = fc.record({ forge: part, namespace: part, repo: part, ref: part, identifier: part })
  const check = (given: { forge: string; namespace: string; repo: string; ref: string }) =>
    assert.match(repositoryName(given), /^(?!\.{1,2}$)[A-Za-z0-9_.-]+$/)
  fc.assert(fc.property(parts, check))
})
