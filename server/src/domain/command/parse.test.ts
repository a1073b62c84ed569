import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { COMMAND_NAMES, COMMANDS, OPTIONS, type OptionName, specOf, usageOf } from './commands.ts'
import { MOST_COMMANDS, parseComment } from './parse.ts'
import { splitWords, WordsError } from './words.ts'

/** The commands of a comment without their place; for errors `line: message`. */
function parse(body: string, prefix = '/packit'): unknown[] {
  const parsed = parseComment(body, prefix)
  if (!parsed.ok) return parsed.errors.map(({ line, message }) => `${line}: ${message}`)
  return parsed.commands.map(({ line: _, text: __, ...command }) => command)
}

const PARSED: [string, unknown][] = [
  ['/packit build', { name: 'build' }],
  ['/packit copr-build', { name: 'build' }],
  ['  /packit \t build  ', { name: 'build' }],
  ['/packit --package hello build', { name: 'build', packages: ['hello'] }],
  ['/packit build --package hello --package=world', { name: 'build', packages: ['hello', 'world'] }],
  ['/packit build --commit "my branch"', { name: 'build', branch: 'my branch' }],
  ['/packit build --release v1.0', { name: 'build', release: 'v1.0' }],
  [
    '/packit build --targets fedora-43-x86_64,epel-9-x86_64',
    { name: 'build', targets: ['fedora-43-x86_64', 'epel-9-x86_64'] },
  ],
  ['/packit rebuild-failed', { name: 'rebuild-failed' }],
  ['/packit retry', { name: 'rebuild-failed' }],
  ['/packit retest-failed', { name: 'retest-failed' }],
  ['/packit test', { name: 'test' }],
  [
    '/packit test acme/hello#7 https://github.com/acme/world/pull/8',
    {
      name: 'test',
      pullRequests: [
        { namespace: 'acme', repository: 'hello', number: 7 },
        { namespace: 'acme', repository: 'world', number: 8 },
      ],
    },
  ],
  ['/packit test --identifier a', { name: 'test', identifier: 'a' }],
  ['/packit test --id a', { name: 'test', identifier: 'a' }],
  ['/packit test -i a', { name: 'test', identifier: 'a' }],
  ['/packit test --labels a,b', { name: 'test', labels: ['a', 'b'] }],
  ["/packit test --env A=1 --env 'B=x y' --env C=", { name: 'test', env: { A: '1', B: 'x y', C: '' } }],
  ['/packit test --env A=$HOME', { name: 'test', env: { A: '$HOME' } }],
  ['/packit upstream-koji-build', { name: 'upstream-koji-build' }],
  ['/packit vm-image-build', { name: 'vm-image-build' }],
  ['/packit propose-downstream', { name: 'propose-downstream' }],
  [
    '/packit pull-from-upstream --version 1.2 --resolve-bug rhbz#1,rhbz#2 --with-pr-config',
    { name: 'pull-from-upstream', version: '1.2', bugs: ['rhbz#1', 'rhbz#2'], prConfig: true },
  ],
  ['/packit koji-build', { name: 'koji-build' }],
  ['/packit koji-tag --all-branches', { name: 'koji-tag', allBranches: true }],
  ['/packit create-update', { name: 'create-update' }],
  ['/packit verify-fas ann', { name: 'verify-fas', account: 'ann' }],
  ['/packit help', { name: 'help' }],
  ['/packit approve', { name: 'approve' }],
  ['/packit cancel', { name: 'cancel' }],
]

for (const [line, command] of PARSED) {
  test(`${line.trim()} is understood`, () => assert.deepEqual(parse(line), [command]))
}

test('every command has a line in this table', () => {
  const names = new Set(PARSED.map(([, command]) => (command as { name: string }).name))
  assert.deepEqual([...names].sort(), [...COMMAND_NAMES].sort())
})

const WRONG: [string, string][] = [
  ['/packit biuld', '1: there is no command "biuld"; did you mean build?'],
  ['/packit xyzzy-plugh', '1: there is no command "xyzzy-plugh"'],
  ['/packit --package hello', '1: it names no command'],
  ['/packit build --pakage hello', '1: there is no option "--pakage"; did you mean --package?'],
  ['/packit build --env A=1', '1: --env is no option of build'],
  ['/packit build --package', '1: --package needs a value: --package <name>'],
  ['/packit build --package=', '1: --package needs a value: --package <name>'],
  ['/packit build now', '1: "now" is too much'],
  ['/packit test --env 1=2', '1: --env "1=2" is not like NAME=value'],
  [
    '/packit test hello#7',
    '1: "hello#7" is neither <namespace>/<repository>#<number> nor the address of a pull request',
  ],
  ['/packit test --labels ,', '1: --labels needs a value: --labels <a,b>'],
  ['/packit test -i a -i b', '1: -i is there twice'],
  ['/packit build --commit main --release 1', '1: --commit and --release exclude each other'],
  ['/packit koji-tag --all-branches=yes', '1: --all-branches takes no value'],
  ['/packit verify-fas', '1: <Fedora account> is missing'],
  ['/packit build "hello', '1: the quote " is not closed'],
  ['/packit build hello\\', '1: nothing follows the backslash at its end'],
  [`/packit build ${'x'.repeat(1000)}`, '1: it is longer than 1000 characters'],
  ['Thanks!\n\n/packit biuld\n/packit tset', '3: there is no command "biuld"; did you mean build?'],
]

for (const [body, error] of WRONG) {
  test(`${JSON.stringify(body.slice(0, 60))} is answered with what is wrong`, () => assert.equal(parse(body)[0], error))
}

test('several lines may hold commands: each is taken, in order, and the same one once', () => {
  const body = 'Thanks!\n\n/packit approve\nand then\n/packit build\n/packit copr-build\r\n/packit test'
  assert.deepEqual(parse(body), [{ name: 'approve' }, { name: 'build' }, { name: 'test' }])
})

test('a comment with a wrong line is wrong as a whole, and each wrong line is named', () => {
  assert.deepEqual(parse('/packit build\n/packit biuld\n/packit tst'), [
    '2: there is no command "biuld"; did you mean build?',
    '3: there is no command "tst"; did you mean test?',
  ])
})

test('a comment has no more commands than it may', () => {
  const lines = Array.from({ length: MOST_COMMANDS }, (_, i) => `/packit build --package p${i}`)
  assert.equal(parse(lines.join('\n')).length, MOST_COMMANDS)
  assert.deepEqual(parse([...lines, '/packit help'].join('\n')), [
    '11: a comment has at most 10 commands, and this is one more',
  ])
})

const NO_COMMANDS: Record<string, string> = {
  'no command at all': 'looks good to me',
  'the prefix alone': '/packit',
  'a longer prefix': '/packit-stg build',
  'the prefix in other letters': '/Packit build',
  'the prefix within a line': 'please /packit build',
  'a quote': '> /packit build\n > /packit build',
  'an indented block': '    /packit build\n\t/packit build',
  'a block between fences': '```\n/packit build\n```',
  'a block with a language, and a shorter fence inside': '````sh\n/packit build\n```\n/packit build\n````',
  'a block between tildes': '~~~\n/packit build\n```\n/packit build\n~~~',
  'a block that is not closed': '```\n/packit build',
  'what is not shown': '<!-- one\n/packit build\n-->',
}

for (const [what, body] of Object.entries(NO_COMMANDS)) {
  test(`${what} is no command`, () => assert.deepEqual(parse(body), []))
}

test('what follows a block, a quote or a hidden part counts again', () => {
  const body = '```\n/packit test\n```\n> quote\n<!-- hidden\n-->\n<!-- a line -->\n`code`\n/packit build'
  assert.deepEqual(parse(body), [{ name: 'build' }])
})

test('the prefix is that of the setting', () => {
  assert.deepEqual(parse('/packit build\n/packit-stg cancel', '/packit-stg'), [{ name: 'cancel' }])
})

test('an error says how the command is written', () => {
  const parsed = parseComment('/packit test --env', '/packit')
  const usage =
    '/packit test [<namespace>/<repository>#<pull request>]… [--package <name>]… [--identifier <identifier>]'
  assert.ok(!parsed.ok && parsed.errors[0]?.usage?.startsWith(usage), JSON.stringify(parsed))
})

test('words are taken apart as a shell does, and nothing is expanded', () => {
  assert.deepEqual(splitWords(`a "b c" 'd "e' f\\ g "h\\"i\\n" '' $(x) *`), [
    ...['a', 'b c', 'd "e', 'f g', 'h"i\\n', '', '$(x)', '*'],
  ])
  assert.throws(() => splitWords(`'a`), WordsError)
})

test('every word that is quoted comes back as it was', () => {
  const quoted = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' })), (words) => {
      assert.deepEqual(splitWords(words.map(quoted).join(' ')), words)
    }),
  )
})

test('whatever a comment holds, it is parsed or told what is wrong, in no time', () => {
  const flags = (Object.keys(OPTIONS) as OptionName[]).flatMap((name) => OPTIONS[name].flags)
  const pieces = [
    '/packit',
    ...Object.keys(COMMANDS),
    ...flags,
    '"',
    "'",
    '\\',
    '=',
    '\n',
    ' ',
    '```',
    '<!--',
    '-->',
    'a/b#1',
  ]
  const comment = fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string()), { maxLength: 60 }).map((a) => a.join(' '))
  fc.assert(
    fc.property(comment, (body) => {
      const parsed = parseComment(body, '/packit')
      if (parsed.ok) assert.ok(parsed.commands.length <= MOST_COMMANDS)
      else assert.ok(parsed.errors.every(({ message, line }) => message !== '' && line > 0))
    }),
  )
  const large = [
    `/packit test ${'a/'.repeat(490)}`,
    '`'.repeat(60_000),
    '<!--'.repeat(16_000),
    '/packit build\n'.repeat(4600),
  ]
  for (const body of large) {
    const beganAt = performance.now()
    parseComment(body, '/packit')
    assert.ok(performance.now() - beganAt < 500, body.slice(0, 20))
  }
})

test('how a command is written is understood, once its places are filled in', () => {
  for (const name of COMMAND_NAMES) {
    const needed = usageOf(name, '/packit')
      .replace(/\[[^\]]*\]…?/g, '')
      .replace('<Fedora account>', 'ann')
    assert.equal(parse(needed).length, 1, needed)
    assert.equal((parse(needed)[0] as { name: string }).name, name)
    assert.ok(specOf(name).on.length > 0)
  }
})
