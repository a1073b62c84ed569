import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { rm, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { Machine, type MachineOptions } from './test-machine.ts'

const MODULES = 'npm ci --loglevel=error --no-audit --no-fund --include=dev --include=optional'
const DASHBOARD = 'npm run build -w dashboard'
const LACKING = ['rpmbuild', 'bwrap', 'createrepo_c']

/** A machine on which setup has done its work once. */
async function createReadyMachine(options: MachineOptions = {}): Promise<Machine> {
  const machine = await Machine.create(options)
  const { code, said } = await machine.setup(['run', '--yes'])
  assert.equal(code, 0, said)
  return machine
}

test('a machine that lacks nothing is left alone, in silence', async () => {
  await using machine = await createReadyMachine()
  for (const mode of ['run', 'test']) {
    assert.deepEqual(await machine.setup([mode]), { code: 0, said: '', calls: [] })
  }
})

test('as root, setup installs what is missing on Debian, says why, and makes all ready', async () => {
  await using machine = await Machine.create({ without: LACKING, accounts: false, lists: false })

  const { code, said, calls } = await machine.setup(['run'])

  assert.equal(code, 0, said)
  assert.deepEqual(
    calls.map((call) => call.replace(/ -q| -y| -o \S+/g, '')),
    [
      'apt-get update',
      'apt-get install --no-install-recommends rpm bubblewrap createrepo-c',
      ...[1, 2, 3, 4].map(
        (slot) => `useradd --system --user-group --no-create-home --shell /usr/sbin/nologin packit-build-${slot}`,
      ),
      MODULES,
      DASHBOARD,
    ],
  )
  assert.match(said, /bubblewrap +the sandbox around code of strangers/)
})

test('Fedora gets the packages by its own names, from dnf', async () => {
  await using machine = await Machine.create({ without: LACKING, system: 'ID=fedora\n' })
  const { code, calls } = await machine.setup(['run'])
  assert.equal(code, 0)
  assert.equal(calls[0], 'dnf install -y --setopt=install_weak_deps=False rpm-build bubblewrap createrepo_c')
})

test('on a bare Fedora, running and testing name each package once, and dnf alone is called', async () => {
  const bare =
    'git rpmbuild bwrap createrepo_c rpmlint setpriv prlimit gcc make patch diff awk file tar gzip bzip2 xz zstd unzip chromium initdb'
  await using machine = await Machine.create({ without: bare.split(' '), system: 'ID="fedora"\n', accounts: false })
  const { code, said, calls } = await machine.setup(['test'])
  assert.equal(code, 0, said)
  assert.equal(
    calls[0],
    'dnf install -y --setopt=install_weak_deps=False git rpm-build bubblewrap createrepo_c rpmlint util-linux gcc make patch ' +
      'diffutils gawk file tar gzip bzip2 xz zstd unzip chromium postgresql-server',
  )
  assert.deepEqual(
    calls.filter((call) => call.startsWith('apt-get')),
    [],
  )
})

test('an ordinary user of a system like Fedora is told the command for dnf', async () => {
  await using machine = await Machine.create({ without: LACKING, system: 'ID=nobara\nID_LIKE="rhel centos fedora"\n' })
  const { code, said, calls } = await machine.setup(['run'], { user: 'ordinary' })
  assert.deepEqual([code, calls], [2, []])
  assert.match(said, /sudo dnf install --setopt=install_weak_deps=False rpm-build bubblewrap createrepo_c\n/)
})

test('packages that only the tests need are not installed to run', async () => {
  await using machine = await createReadyMachine({ without: ['chromium'] })
  assert.deepEqual((await machine.setup(['run'])).calls, [])
  assert.match((await machine.setup(['test'])).calls.join('\n'), /apt-get .*install .*chromium/)
})

test('PostgreSQL comes for the demo that wants it, without a database of its own, which later installations still get', async () => {
  await using machine = await createReadyMachine({ without: ['initdb'] })
  assert.deepEqual((await machine.setup(['run'])).calls, [])
  const { code, said, calls } = await machine.setup(['copr'])
  assert.equal(code, 0, said)
  assert.ok(
    calls.some((call) => call === 'seen: create_main_cluster = false'),
    calls.join('\n'),
  )
  assert.ok(!existsSync(machine.etc('postgresql-common/createcluster.d/packit-setup.conf')))
})

test('with PACKIT_SETUP=no nothing is done, and all commands are named', async () => {
  await using machine = await Machine.create({ without: LACKING, accounts: false })
  const { code, said, calls } = await machine.setup(['run', '--yes'], { env: { PACKIT_SETUP: 'no' } })
  assert.deepEqual([code, calls], [2, []])
  for (const command of [
    /apt-get install .*rpm bubblewrap createrepo-c/,
    /useradd .*packit-build-4/,
    /npm ci/,
    /npm run build -w dashboard/,
  ]) {
    assert.match(said, command)
  }
})

test('an ordinary user without a terminal is told the command, and nothing is installed', async () => {
  await using machine = await Machine.create({ without: LACKING })
  const { code, said, calls } = await machine.setup(['run'], { user: 'ordinary' })
  assert.deepEqual([code, calls], [2, []])
  assert.match(said, /no terminal/)
  assert.match(said, /sudo apt-get install --no-install-recommends rpm bubblewrap createrepo-c/)
})

test('an ordinary user without sudo is told so', async () => {
  await using machine = await Machine.create({ without: [...LACKING, 'sudo'] })
  const { code, said } = await machine.setup(['run', '--yes'], { user: 'ordinary' })
  assert.equal(code, 2)
  assert.match(said, /no sudo/)
})

test('with CI set an ordinary user installs by sudo, without being asked', async () => {
  await using machine = await Machine.create({ without: LACKING, accounts: false })
  const { code, said, calls } = await machine.setup(['run'], { user: 'ordinary', env: { CI: 'true' } })
  assert.equal(code, 0, said)
  assert.ok(calls.some((call) => /^sudo env .*apt-get .*install .*rpm/.test(call)))
  assert.deepEqual(
    calls.filter((call) => call.startsWith('useradd')),
    [],
    'accounts are for a service started as root',
  )
})

test('a system that is neither Debian nor Fedora is told which programs to install', async () => {
  await using machine = await Machine.create({ without: LACKING, system: 'ID=arch\n' })
  const { code, said, calls } = await machine.setup(['run'])
  assert.deepEqual([code, calls], [2, []])
  assert.match(said, /rpmbuild bwrap createrepo_c/)
})

test('a failed installation is tried again with new lists, then ends with what it printed', async () => {
  await using machine = await Machine.create({ without: LACKING, broken: true })
  const { code, said, calls } = await machine.setup(['run'])
  assert.equal(code, 1)
  assert.deepEqual(
    calls.map((call) => /update|install(?= )/.exec(call)?.[0]),
    ['install', 'update', 'install'],
  )
  assert.match(said, /\| E: Unable to fetch/)
})

test('an installation that did not bring a program is a failure', async () => {
  await using machine = await Machine.create({ without: LACKING, brings: ['rpmbuild'] })
  const { code, said } = await machine.setup(['run'])
  assert.equal(code, 1)
  assert.match(said, /still not found: bwrap createrepo_c/)
})

test('node_modules are made anew when the lock changed, not when it was only written again', async () => {
  await using machine = await createReadyMachine()
  const later = new Date(Date.now() + 60_000)

  await utimes(join(machine.project, 'package-lock.json'), later, later)
  assert.deepEqual((await machine.setup(['run'])).calls, [])

  await machine.write('package-lock.json', '{"changed": true}')
  await utimes(join(machine.project, 'package-lock.json'), later, later)
  assert.equal((await machine.setup(['run'])).calls[0], MODULES)
})

test('the dashboard is built anew when a source changed, not when it was only written again', async () => {
  await using machine = await createReadyMachine()
  const source = join(machine.project, 'dashboard/src/main.tsx')
  const later = new Date(Date.now() + 60_000)

  await utimes(source, later, later)
  assert.deepEqual((await machine.setup(['run'])).calls, [])

  await machine.write('dashboard/src/main.tsx', 'renderAnew()')
  await utimes(source, later, later)
  assert.deepEqual((await machine.setup(['run'])).calls, [DASHBOARD])

  await rm(join(machine.project, 'dashboard/dist'), { recursive: true })
  assert.deepEqual((await machine.setup(['run'])).calls, [DASHBOARD])
})

test('what a person built by hand counts', async () => {
  await using machine = await createReadyMachine()
  await machine.write('dashboard/src/main.tsx', 'renderAnew()')
  await machine.write('dashboard/dist/index.html', 'built by hand')
  assert.deepEqual((await machine.setup(['run'])).calls, [])
})

test('of two setups at once one does the work, and the other waits for it', async () => {
  await using machine = await Machine.create()
  const both = await Promise.all([machine.setup(['run']), machine.setup(['run'])])
  assert.deepEqual(
    both.map(({ code }) => code),
    [0, 0],
  )
  assert.deepEqual(both.flatMap(({ calls }) => calls).sort(), [MODULES, DASHBOARD])
})

test('anything but run, copr, test and --yes is refused with the usage', async () => {
  await using machine = await Machine.create()
  for (const args of [[], ['walk'], ['run', 'test'], ['run', '--now']]) {
    const { code, said } = await machine.setup(args)
    assert.deepEqual([code, said], [2, 'usage: scripts/setup run|copr|test [--yes]\n'])
  }
})
