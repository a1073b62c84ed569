import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { cpuMs } from '../../../test/cpu-time.ts'
import { type ReadConfig, readPackageConfig } from './read.ts'

const CONTEXT = { repoName: 'hello', configPath: '.packit.yaml', specFiles: ['hello.spec'] }

function read(text: string, context: Partial<typeof CONTEXT> = {}): ReadConfig {
  return readPackageConfig(text, { ...CONTEXT, ...context })
}

/** Texts that look like configurations: pieces of the format in any order. */
const PIECES = [
  'jobs:',
  'packages:',
  '- job: tests',
  'trigger: commit',
  'targets:',
  'metadata:',
  '  ',
  '    ',
  '\n',
  '\n',
  '\n  ',
  '\n    - ',
  'specfile_path: a',
  'actions: {',
  '}',
  '[',
  ']',
  '&a ',
  '*a',
  '<<: *a',
  '"',
  "'",
  '|\n',
  ': ',
  '- ',
  '#',
  'yes',
  '012',
  'null',
  '2024-01-01',
  'a | b',
  '!!str',
  'dist_git_branches: {a: {}}',
  'files_to_sync: [a, {src: b}]',
  '__proto__: {}',
  '\t',
  '\r',
  'é',
  '\u2028',
]

describe('whatever the text', () => {
  const texts = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.array(fc.constantFrom(...PIECES), { maxLength: 40 }).map((parts) => parts.join('')),
  )

  test('reading never throws, ends soon, and names places that are in the text', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const result = read(text)
        assert.ok(cpuMs(() => read(text)) < 2_000)
        const lines = text.split(/\r\n|\n|\r/)
        for (const { line, column } of result.ok ? result.warnings : result.errors) {
          assert.ok(line >= 1 && line <= lines.length, `line ${line} of ${lines.length}`)
          assert.ok(column >= 1 && column <= (lines[line - 1]?.length ?? 0) + 3, `column ${column} of line ${line}`)
        }
        if (!result.ok) assert.ok(result.errors.length > 0)
      }),
      { numRuns: 2_000 },
    )
  })

  test('a configuration is plain data: JSON keeps all of it', () => {
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { maxDepth: 3 },
        fc.string(),
        fc.boolean(),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.constant(null),
        fc.array(tie('any'), { maxLength: 3 }),
        fc.dictionary(fc.string(), tie('any'), { maxKeys: 3 }),
      ),
    })).any
    const job = fc.record(
      {
        job: fc.constantFrom('tests', 'copr_build'),
        trigger: fc.constantFrom('commit', 'commit | release'),
        env: fc.dictionary(fc.string(), value),
        targets: fc.array(fc.string()),
      },
      { requiredKeys: ['job', 'trigger'] },
    )
    const file = fc.record(
      {
        bodhi_extra_params: fc.dictionary(fc.string(), value),
        jobs: fc.array(job, { maxLength: 4 }),
      },
      { requiredKeys: ['jobs'] },
    )
    let count = 0
    fc.assert(
      fc.property(file, (written) => {
        const result = read(JSON.stringify(written))
        if (!result.ok) return
        count += 1
        assert.deepEqual(JSON.parse(JSON.stringify(result.config)), result.config)
      }),
      { numRuns: 500 },
    )
    assert.ok(count > 100, `only ${count} of 500 were configurations`)
  })
})
