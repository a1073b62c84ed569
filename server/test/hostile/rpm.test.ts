import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { waitFor } from '../../src/builders/builder.contract.ts'
import { createRepository } from '../../src/builders/local/create-repository.ts'
import { createLocalBuilder } from '../../src/builders/local/local-builder.ts'
import { openFolderStorage } from '../../src/storage/folder.ts'
import { installIntoEmptyRoot } from '../install.ts'
import { packSpec, specOf } from '../rpm.ts'
import { LIMITS, openRange } from './attack.ts'

const range = openRange()
after(() => range[Symbol.asyncDispose]())
const MARK = `packit-pwned-${process.pid}`
/** Places on this machine where an attack that got out would leave its mark. */
const marks = () =>
  ['/tmp', '/var/tmp', '/dev/shm', '/build', process.cwd(), range.dir].filter((dir) => existsSync(join(dir, MARK)))

/** Reads a spec file in the sandbox, as every step does that touches one. */
async function readSpec(spec: string, limits = {}) {
  const path = join(mkdtempSync(join(range.dir, 'spec-')), 'hello.spec')
  writeFileSync(path, spec)
  return range.attack({
    script: 'rpmspec --parse /in/hello.spec',
    limits,
    task: { mounts: { '/in/hello.spec': path } },
  })
}

test('a macro that runs a shell command runs it inside', async () => {
  const top = `%global stolen %((cat /etc/shadow 2>&1; touch /tmp/${MARK} /build/${MARK}; id -u) | tr -c a-zA-Z0-9 _)`
  const { log } = await readSpec(specOf({ top, header: 'Provides: stolen(%{stolen})' }))

  assert.match(log, /stolen\(cat___etc_shadow__No_such_file_or_directory_1000_\)/)
  assert.deepEqual(marks(), [])
})

test('a macro in Lua reads and runs what is inside alone', async () => {
  const lua = `local f = io.open("/etc/shadow"); print(f and "stolen" or "nothing"); os.execute("touch /tmp/${MARK}");`
  const { log } = await readSpec(specOf({ header: `Provides: lua-%{lua: ${lua}}` }))

  assert.match(log, /Provides: lua-nothing/)
  assert.deepEqual(marks(), [])
})

test('a macro that never ends is ended by the time limit', async () => {
  const shell = await readSpec(specOf({ top: '%global x %(while :; do :; done)' }), { timeMs: 1_500 })
  const lua = await readSpec(specOf({ top: '%{lua: while true do end}' }), { timeMs: 1_500 })

  assert.deepEqual([shell.end, lua.end], ['timed-out', 'timed-out'])
})

test('a macro in Lua that fills the memory is ended', async () => {
  const { end } = await readSpec(
    specOf({
      top: '%{lua: local t = {}; while #t < 900 do t[#t + 1] = string.rep("x", 1048576) end; os.execute("sleep 20")}',
    }),
  )

  assert.equal(end, 'out-of-memory')
})

test('a macro that calls itself ends the reading, not the service', async () => {
  const { end, log } = await readSpec(specOf({ top: '%define loop() %{loop}%{loop}', header: 'Provides: %{loop}' }))

  assert.equal(end, 'finished')
  assert.match(log, /[Tt]oo many levels of recursion/)
})

test("commands planted in the repository's configuration run inside, and the mirror keeps its own", async () => {
  const mirror = join(range.dir, 'mirror.git')
  mkdirSync(mirror)
  writeFileSync(join(mirror, 'config'), '[core]\n\tbare = true\n')
  const plant = `touch /tmp/${MARK} /build/${MARK}; echo ran as $(id -u)`
  const { log } = await range.attack({
    script: `cd /build && git init -q work && cd work && git config user.email a@b && git config user.name a
      git config core.fsmonitor '${plant}; true' && git config alias.st '!${plant}' && git config diff.external '${plant}'
      mkdir -p .git/hooks && printf '#!/bin/sh\\n${plant}\\n' > .git/hooks/pre-commit && chmod +x .git/hooks/pre-commit
      touch file && git add file && git commit -qm x; git st; git status > /dev/null; git archive HEAD > /dev/null
      git --git-dir=/in/mirror.git config core.fsmonitor '${plant}' || echo refused; echo x > /in/mirror.git/hooks || echo refused`,
    task: { mounts: { '/in/mirror.git': mirror } },
  })

  assert.match(log, /ran as 1000/)
  assert.equal(log.match(/^refused$/gm)?.length, 2)
  assert.equal(readFileSync(join(mirror, 'config'), 'utf8'), '[core]\n\tbare = true\n')
  assert.deepEqual(marks(), [])
})

test('an archive with links and with names that lead out changes nothing outside', async () => {
  const { end } = await range.attack({
    script: `cd /build && mkdir in && ln -s /etc in/link && ln -s /tmp in/tmp && touch evil && tar -P -cf a.tar in --transform 's,evil,../../../../tmp/${MARK},' evil evil
      rm -rf in; mkdir out && cd out && tar -P -xf ../a.tar; echo x > in/tmp/${MARK}; echo pwned >> in/link/passwd; true`,
  })

  assert.equal(end, 'finished')
  assert.deepEqual(marks(), [])
  assert.doesNotMatch(readFileSync('/etc/passwd', 'utf8'), /pwned/)
})

test('an archive with ten million names is ended by a limit, unpacked or only listed', async () => {
  // one small file, repeated: a tar of headers alone
  const make = `/packit/node -e '
    const block = Buffer.alloc(512); block.write("f0000000"); block.write("0000644\\0", 100); block.write("00000000000\\0", 124)
    const many = []
    for (let i = 0; ; i++) {
      block.write(i.toString(36).padStart(8, "0"), 0); block.fill(" ", 148, 156)
      block.write(block.reduce((a, b) => a + b, 0).toString(8).padStart(6, "0") + "\\0 ", 148)
      fs.writeSync(1, block)
    }'`
  const unpacked = await range.attack({ script: `${make} | tar -xf - -C /build; sleep 60` })
  const listed = await range.attack({ script: `${make} | tar -tf -` })

  assert.deepEqual([unpacked.end, listed.end], ['disk-full', 'log-limit'])
})

/** Builds a hostile spec file for real and gives the package. */
async function buildPackage(spec: string): Promise<string> {
  const storage = openFolderStorage(mkdtempSync(join(range.dir, 'storage-')))
  const srpm = await packSpec(range.sandbox, spec)
  await storage.putFile('hello.src.rpm', srpm)
  rmSync(dirname(srpm), { recursive: true })
  const limits = { ...LIMITS, memoryBytes: 2 ** 30, timeMs: 30_000 }
  const builder = createLocalBuilder({ sandbox: range.sandbox, storage, limits, hostChroot: 'host' })
  const { buildId: id } = await builder.startBuild({
    id: 1,
    srpm: 'hello.src.rpm',
    chroots: ['host'],
    project: 'hello',
  })
  const [target] = await waitFor(builder, id, ({ endedAt }) => endedAt !== undefined)
  const [key] = target?.files ?? []
  assert.ok(key, target?.reason ?? target?.state)
  return storage.localPath(key)
}

test('a scriptlet runs neither when its package is read nor, when it is installed, with any right on this machine', async () => {
  const lua = (name: string) => `%${name} -p <lua>
local f = io.open("/etc/shadow"); local out = io.open("/${name}", "w"); out:write(f and "stolen" or "nothing"); out:close()
local mark = io.open("/tmp/${MARK}", "w"); if mark then mark:close() end; os.execute("touch /var/tmp/${MARK}")
`
  const rpm = await buildPackage(specOf({ rest: `${lua('pretrans')}${lua('pre')}${lua('post')}%files` }))
  const folder = mkdtempSync(join(range.dir, 'repository-'))
  const repository = await createRepository(
    { sandbox: range.sandbox, limits: LIMITS },
    { rpms: [{ name: basename(rpm), path: rpm }] },
  )
  mkdirSync(join(folder, 'repodata'))
  for (const { name, path } of repository.files) writeFileSync(join(folder, name), readFileSync(path))
  writeFileSync(join(folder, basename(rpm)), readFileSync(rpm))
  await repository.remove()
  assert.deepEqual(marks(), [])

  await using installed = await installIntoEmptyRoot(folder, ['hello'])

  assert.equal(installed.status, 0, installed.log)
  assert.equal(readFileSync(join(installed.root, 'post'), 'utf8'), 'nothing')
  assert.deepEqual(marks(), [])
})

test('a build that replaces its packages by links and leads names astray hands out packages alone', async () => {
  const rpm = await buildPackage(
    specOf({
      install: `mkdir -p %{buildroot}/usr/share %{_topdir}/RPMS/x; echo x > %{buildroot}/usr/share/hello
ln -s /etc/passwd %{_topdir}/RPMS/x/link.rpm; echo x > "%{_topdir}/RPMS/x/a b;c.rpm"; echo x > %{_topdir}/RPMS/x/note.txt`,
      rest: '%files\n/usr/share/hello',
    }),
  )

  assert.deepEqual(
    readdirSync(dirname(rpm)).filter((name) => name !== 'build.log'),
    [basename(rpm)],
  )
})
