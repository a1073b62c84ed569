import assert from 'node:assert/strict'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { installIntoEmptyRoot } from '../../../test/install.ts'
import { HELLO_SPEC, packSpec } from '../../../test/rpm.ts'
import { createSandbox } from '../../sandbox/bubblewrap.ts'
import type { Limits } from '../../sandbox/sandbox.ts'
import { openFolderStorage } from '../../storage/folder.ts'
import { waitFor } from '../builder.contract.ts'
import { createRepository } from './create-repository.ts'
import { createLocalBuilder } from './local-builder.ts'

const limits: Limits = { timeMs: 60_000, memoryBytes: 2 ** 30, processes: 64, diskBytes: 2 ** 26, logBytes: 2 ** 20 }
const dir = mkdtempSync(join(tmpdir(), 'packit-repository-test-'))
const sandbox = createSandbox({ parallel: 1 })
let rpm = ''

before(async () => {
  const storage = openFolderStorage(dir)
  const srpm = await packSpec(sandbox, HELLO_SPEC)
  await storage.putFile('hello.src.rpm', srpm)
  rmSync(dirname(srpm), { recursive: true })
  const builder = createLocalBuilder({ sandbox, storage, limits, hostChroot: 'host' })
  const { buildId: id } = await builder.startBuild({
    id: 1,
    srpm: 'hello.src.rpm',
    chroots: ['host'],
    project: 'hello',
  })
  const [target] = await waitFor(builder, id, ({ endedAt }) => endedAt !== undefined)
  const [key = ''] = target?.files ?? []
  rpm = await storage.localPath(key)
})

after(async () => {
  await sandbox.close()
  rmSync(dir, { recursive: true })
})

/** A folder as a web server would publish it: packages and metadata. */
async function publish(): Promise<string> {
  const folder = mkdtempSync(join(dir, 'published-'))
  mkdirSync(join(folder, 'repodata'))
  const repository = await createRepository({ sandbox, limits }, { rpms: [{ name: basename(rpm), path: rpm }] })
  for (const { name, path } of repository.files) copyFileSync(path, join(folder, name))
  copyFileSync(rpm, join(folder, basename(rpm)))
  await repository.remove()
  return folder
}

test('dnf installs the package from the repository into an empty root, and its program runs there', async () => {
  await using installed = await installIntoEmptyRoot(await publish(), ['hello'])

  assert.equal(installed.status, 0, installed.log)
  assert.deepEqual(await installed.run('/usr/bin/hello'), { status: 0, output: 'hello from a package\n' })
})

test('dnf installs it from a web address as well', async () => {
  const folder = await publish()
  const server = createServer(({ url = '/' }, response) => {
    const path = join(folder, new URL(url, 'http://x').pathname)
    if (!existsSync(path)) response.statusCode = 404
    response.end(existsSync(path) ? readFileSync(path) : '')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo

  await using installed = await installIntoEmptyRoot(`http://127.0.0.1:${port}/`, ['hello'])
  server.close()

  assert.equal(installed.status, 0, installed.log)
  assert.equal((await installed.run('/usr/bin/hello')).output, 'hello from a package\n')
})

test('a repository without packages is one that dnf can read', async () => {
  const { files, remove } = await createRepository({ sandbox, limits }, { rpms: [] })
  const index = files.find(({ name }) => name === 'repodata/repomd.xml')

  assert.match(readFileSync(index?.path ?? '', 'utf8'), /<data type="primary">/)
  await remove()
})

test('a package that cannot be read is an error, never silently left out', async () => {
  const path = join(dir, 'broken.rpm')
  writeFileSync(path, 'no package')

  await assert.rejects(createRepository({ sandbox, limits }, { rpms: [{ name: 'broken.rpm', path }] }), /broken\.rpm/)
})

test('a name that no build hands out is refused', async () => {
  await assert.rejects(
    createRepository({ sandbox, limits }, { rpms: [{ name: '../x.rpm', path: rpm }] }),
    /not the name of a package/,
  )
})
