import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openOwnFolder, openSharedFolder } from './work-folder.ts'

async function createFolder() {
  const dir = await mkdtemp(join(tmpdir(), 'packit-work-'))
  const known: string[] = []
  /** What a process with this id left, which is described as this one with changes. */
  const leave = async (id: string, changes: object) => {
    const path = join(dir, id)
    await mkdir(join(path, 'packit-build-x'), { recursive: true })
    const own = JSON.parse(await readFile(join(dir, 'mine', '.owner.json'), 'utf8'))
    await writeFile(join(path, '.owner.json'), JSON.stringify({ ...own, ...changes }))
  }
  const folder = await openSharedFolder(dir, 'mine', async () => known)
  return { dir, folder, known, leave, [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true }) }
}

test('of the processes of this machine those that live keep their folder, and those that were killed do not', async () => {
  await using w = await createFolder()
  await w.leave('living', {})
  // another process has its id now
  await w.leave('killed', { startTime: '1' })
  w.known.push('killed')
  await mkdir(join(w.folder.path, 'packit-srpm-x'))
  await w.folder.sweep()
  assert.deepEqual((await readdir(w.dir)).sort(), ['living', 'mine'])
  assert.ok((await readdir(w.folder.path)).includes('packit-srpm-x'))
})

test('a process of another container keeps its folder as long as the others know of it', async () => {
  await using w = await createFolder()
  await w.leave('elsewhere', { place: 'another boot', pid: 1 })
  w.known.push('elsewhere')
  await w.folder.sweep()
  assert.deepEqual((await readdir(w.dir)).sort(), ['elsewhere', 'mine'])
  w.known.length = 0
  await w.folder.sweep()
  assert.deepEqual(await readdir(w.dir), ['mine'])
})

test('what an earlier version left goes when nothing can be at work in it any more', async () => {
  await using w = await createFolder()
  for (const name of ['packit-build-old', 'packit-build-new']) await mkdir(join(w.dir, name))
  const old = new Date(Date.now() - 25 * 60 * 60_000)
  await utimes(join(w.dir, 'packit-build-old'), old, old)
  await w.folder.sweep()
  assert.deepEqual((await readdir(w.dir)).sort(), ['mine', 'packit-build-new'])
  await w.folder.remove()
  assert.deepEqual(await readdir(w.dir), ['packit-build-new'])
})

test('who has the data directory alone begins with an empty folder', async () => {
  await using w = await createFolder()
  await w.leave('whoever', {})
  await openOwnFolder(w.dir)
  assert.deepEqual(await readdir(w.dir), [])
})
