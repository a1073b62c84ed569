/**
 * Looks at packages that strangers made, and installs them into an empty root. What only reads comes first: scriptlets of the
 * packages run at the end, in the same sandbox, and could spoil what follows.
 */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { readFrom } from '../../../sandbox/inside/children.ts'
import { finish, progress, readInput } from '../../../sandbox/inside/host.ts'
import { type Examination, type ExaminedPackage, type ExamineInput, MAX_OUTPUT_CHARS } from './examine-result.ts'
import { type RpmTest, readRpmTest } from './rpm-test.ts'
import { runAside } from './run-aside.ts'

const RPMS = '/in/rpms'
const ROOT = '/build/root'
/** Debian's rpm says that it isn't meant for installing; nothing here is installed for good. */
const ANYWAY = ['--nosignature', '--nodigest']

const { files, srpms } = (await readInput()) as ExamineInput
progress({ step: 'started' })
const paths = [...files.map((file) => join(RPMS, file)), ...srpms.map((file) => join('/in/srpms', file))]
const packages = await Promise.all(files.map(identify))
say(`Looking at ${files.join(', ')}`)
const rpmlint = await runAside(
  'rpmlint',
  ['--config', join(import.meta.dirname, 'rpmlint.toml'), ...paths],
  MAX_OUTPUT_CHARS,
)
const { chosen, missing, conflicts } = await choose(packages)
const install = chosen.length > 0 && conflicts.length === 0 ? await installAll(chosen) : null
const installed = install === null ? [] : await listInstalled()
await finish({ packages, rpmlint, missing, conflicts, install, installed } satisfies Examination)

function say(line: string): void {
  console.log(`packit: ${line}`)
}

async function identify(file: string): Promise<ExaminedPackage> {
  const format = '%{NEVRA}\\t%{NAME}-%{VERSION}-%{RELEASE}.%{ARCH}\\n'
  const line = await readFrom('rpm', ['-qp', ...ANYWAY, '--queryformat', format, join(RPMS, file)])
  const [nevra = '', nvra = ''] = line.trimEnd().split('\t')
  if (nvra === '') throw new Error(`${file} is no package that rpm can read`)
  return { file, nevra, nvra }
}

/** Leaves out what needs something that isn't there, and what needs that, until the rest can be installed. */
async function choose(all: ExaminedPackage[]): Promise<RpmTest & { chosen: ExaminedPackage[] }> {
  let chosen = all
  const missing: RpmTest['missing'] = []
  for (;;) {
    if (chosen.length === 0) return { chosen, missing, conflicts: [] }
    const tested = await testInstall(chosen)
    if (tested.missing.length === 0) return { chosen, missing, conflicts: tested.conflicts }
    missing.push(...tested.missing)
    const lacking = new Set(tested.missing.map(({ by }) => by))
    const rest = chosen.filter(({ nvra, nevra }) => !lacking.has(nvra) && !lacking.has(nevra))
    // a name that is none of theirs would keep this going for ever
    if (rest.length === chosen.length) return { chosen: [], missing, conflicts: [] }
    chosen = rest
  }
}

async function testInstall(chosen: ExaminedPackage[]): Promise<RpmTest> {
  await mkdir('/build/test', { recursive: true })
  const paths = chosen.map(({ file }) => join(RPMS, file))
  const { exitCode, output } = await runAside(
    'rpm',
    ['--install', '--test', ...ANYWAY, '--root', '/build/test', ...paths],
    MAX_OUTPUT_CHARS,
  )
  const tested = readRpmTest(output)
  if (exitCode !== 0 && tested.missing.length + tested.conflicts.length === 0)
    throw new Error(`rpm can't tell whether the packages can be installed (exit code ${exitCode})`)
  return tested
}

async function installAll(chosen: ExaminedPackage[]): Promise<{ exitCode: number; output: string }> {
  // dnf makes no folder outside of the root it installs to
  for (const dir of ['repo', 'dnf-log', 'root']) await mkdir(join('/build', dir))
  const made = await runAside(
    'createrepo_c',
    ['--quiet', '--no-database', '--outputdir', '/build/repo', '--baseurl', `file://${RPMS}`, RPMS],
    MAX_OUTPUT_CHARS,
  )
  if (made.exitCode !== 0) throw new Error(`createrepo_c ended with exit code ${made.exitCode}`)
  say(`Installing ${chosen.map(({ nevra }) => nevra).join(', ')} into an empty root`)
  const settings = {
    cachedir: '/build/dnf-cache',
    logdir: '/build/dnf-log',
    reposdir: '/build/none',
    varsdir: '/build/none',
    install_weak_deps: '0',
    gpgcheck: '0',
    plugins: '0',
  }
  return runAside(
    'dnf',
    [
      ...['install', '--assumeyes', '--releasever=1'],
      ...[`--installroot=${ROOT}`, '--disablerepo=*', '--repofrompath=packit,file:///build/repo'],
      ...Object.entries(settings).map(([name, value]) => `--setopt=${name}=${value}`),
      ...chosen.map(({ nevra }) => nevra),
    ],
    MAX_OUTPUT_CHARS,
  )
}

async function listInstalled(): Promise<string[]> {
  const format = '%{NAME}-%{VERSION}-%{RELEASE}.%{ARCH}\\n'
  const text = await readFrom('rpm', ['--root', ROOT, '-qa', '--queryformat', format])
  return text.split('\n').filter(Boolean)
}
