import { access, constants, stat } from 'node:fs/promises'
import { execa } from 'execa'
import type { Sandbox } from '../../sandbox/sandbox.ts'
import { checkDisk } from '../disk.ts'
import type { Owner } from '../owner.ts'
import { type Finding, ok, problem, warning } from './finding.ts'

/** The data directory: whether it is there, can be written to, and has room. */
export async function checkDataDir(dataDir: string, owner: Owner | undefined): Promise<Finding[]> {
  const found = await stat(dataDir).catch(() => undefined)
  if (!found) {
    return [
      warning(`${dataDir} is not there yet`, 'The first start makes it. Set PACKIT_DATA_DIR if it shall be elsewhere.'),
    ]
  }
  if (!found.isDirectory()) return [problem(`${dataDir} is no folder`, 'Set PACKIT_DATA_DIR to a folder.')]
  const canWrite = await access(dataDir, constants.W_OK).then(
    () => true,
    () => false,
  )
  if (!canWrite) {
    return [
      problem(
        `${dataDir} can't be written to`,
        'Give it to the account of the service (chown), or set PACKIT_DATA_DIR.',
      ),
    ]
  }
  const disk = await checkDisk(dataDir)
  return [
    ok(`${dataDir} can be written to`),
    disk.ok
      ? ok('there is room for builds')
      : problem(disk.message ?? 'the disk is full', 'Make room, or lower PACKIT_KEEP_….'),
    owner
      ? ok(`process ${owner.pid} serves it at ${owner.address || 'an address it has not told yet'}`)
      : ok('no service runs on it now'),
  ]
}

/** Programs that builds need, with the Debian and Fedora packages that bring them. */
const TOOLS: Record<string, { packages: string; isNeeded: boolean; for: string }> = {
  git: { packages: 'git', isNeeded: true, for: 'fetching commits' },
  bwrap: { packages: 'bubblewrap', isNeeded: true, for: 'the sandbox' },
  setpriv: { packages: 'util-linux', isNeeded: true, for: 'the sandbox' },
  prlimit: { packages: 'util-linux', isNeeded: true, for: 'the sandbox' },
  rpmbuild: { packages: 'rpm (Debian), rpm-build (Fedora)', isNeeded: true, for: 'SRPMs and builds on this machine' },
  createrepo_c: { packages: 'createrepo-c (Debian), createrepo_c (Fedora)', isNeeded: true, for: 'dnf repositories' },
  dnf: { packages: 'dnf', isNeeded: false, for: 'tests on this machine' },
  rpmlint: { packages: 'rpmlint', isNeeded: false, for: 'tests on this machine' },
  tar: { packages: 'tar', isNeeded: true, for: 'archives' },
  make: { packages: 'make', isNeeded: false, for: 'projects that are built by it' },
  gcc: { packages: 'gcc', isNeeded: false, for: 'projects in C' },
}

/** What a program says of its version; `undefined` when it is not there. */
export type FindVersion = (tool: string) => Promise<string | undefined>

export const findVersion: FindVersion = async (tool) => {
  const result = await execa(tool, ['--version'], { reject: false, timeout: 10_000, stdin: 'ignore' })
  if (result.failed && result.exitCode === undefined) return undefined
  return /\d+(\.\d+)+/.exec(`${result.stdout} ${result.stderr}`)?.[0] ?? 'version unknown'
}

export async function checkTools(find: FindVersion): Promise<Finding[]> {
  const findings: Finding[] = []
  const there: string[] = []
  for (const [tool, { packages, isNeeded, for: purpose }] of Object.entries(TOOLS)) {
    const version = await find(tool)
    if (version !== undefined) there.push(`${tool} ${version}`)
    else {
      const make = isNeeded ? problem : warning
      findings.push(make(`${tool} is not there: ${purpose}`, `Install ${packages}, or run scripts/setup.`))
    }
  }
  return there.length > 0 ? [ok(there.join(', ')), ...findings] : findings
}

/** What the sandbox holds on this machine. */
export async function checkSandbox(sandbox: Pick<Sandbox, 'describe'>): Promise<Finding[]> {
  const { findings } = await sandbox.describe()
  const held = findings.filter((finding) => finding.ok).map(({ what }) => ok(what))
  const advice = 'See docs/security.md, “What it needs”.'
  return [...held, ...findings.filter((finding) => !finding.ok).map((bad) => problem(bad.what, bad.advice ?? advice))]
}

const OLD_DAYS = 120

/** What `fedora-all` and its like stand for changes twice a year. */
export function checkTargets(asOf: string, now: Date): Finding {
  const days = Math.floor((now.getTime() - Date.parse(asOf)) / 86_400_000)
  const what = `the table of targets is of ${asOf.slice(0, 10)}`
  if (days <= OLD_DAYS) return ok(what)
  const advice = 'Update the service: fedora-all and its like may miss new releases.'
  return warning(`${what}: ${days} days old`, advice)
}
