// Each rule of "Who may what" in docs/security.md names a test that holds it.
import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { test } from 'node:test'

const SERVER = resolve(import.meta.dirname, '..')

/** The titles of all tests of the server; what is said behind them in brackets, such as the database, is left out. */
async function readTitles(): Promise<Set<string>> {
  const titles = new Set<string>()
  for (const folder of ['src', 'test']) {
    for (const name of await readdir(join(SERVER, folder), { recursive: true })) {
      if (!name.endsWith('.test.ts')) continue
      const text = await readFile(join(SERVER, folder, name), 'utf8')
      for (const [, quote, title = ''] of text.matchAll(/^\s*test\(\s*(['"`])((?:\\.|(?!\1).)+)\1/gm)) {
        titles.add((quote === '`' ? title.replace(/ \(\$\{[^}]*\}\)$/, '') : title).replaceAll(/\\(.)/g, '$1'))
      }
    }
  }
  return titles
}

test('each rule of "Who may what" names a test that is there', async () => {
  const page = await readFile(join(SERVER, '../docs/security.md'), 'utf8')
  const [, section = ''] = page.split('\n## Who may what\n')
  const rows = section
    .split('\n## ')[0]
    ?.split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| about |'))
    .map((line) => line.split('|').map((cell) => cell.trim()))
  assert.ok((rows?.length ?? 0) > 30)
  const titles = await readTitles()
  const missing = rows?.filter((cells) => cells.length !== 5 || !titles.has(cells[3] ?? '')).map((cells) => cells[3])
  assert.deepEqual(missing, [])
  const areas = new Set(rows?.map((cells) => cells[1]))
  for (const area of [
    'allowlist',
    'events',
    'approval',
    'commands',
    'configuration',
    'private repositories',
    'secrets',
    'audit',
  ])
    assert.ok(areas.has(area), area)
})
