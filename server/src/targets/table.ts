import { makeTargetTable, type TargetLists } from '../domain/target-table.ts'
import type { Release, TargetTable } from '../domain/targets.ts'

/** The day the lists below are of. */
const AS_OF = '2026-11-24'

/** Releases of Fedora and EPEL as Bodhi lists them. */
const RELEASES: readonly Release[] = [
  { name: 'fedora-42', branch: 'f42', state: 'archived' },
  { name: 'fedora-43', branch: 'f43', state: 'current' },
  { name: 'fedora-44', branch: 'f44', state: 'current' },
  { name: 'fedora-45', branch: 'f45', state: 'current' },
  { name: 'fedora-rawhide', branch: 'rawhide', state: 'pending' },
  { name: 'epel-8', branch: 'epel8', state: 'current' },
  { name: 'epel-9', branch: 'epel9', state: 'current' },
  { name: 'epel-10.0', branch: 'epel10.0', state: 'archived' },
  { name: 'epel-10.1', branch: 'epel10.1', state: 'archived' },
  { name: 'epel-10.2', branch: 'epel10.2', state: 'current' },
  { name: 'epel-10.3', branch: 'epel10', state: 'current' },
]

const SERVERS = ['aarch64', 'ppc64le', 's390x', 'x86_64']
const WITH_I386 = ['i386', ...SERVERS]
const COMMON = ['aarch64', 'x86_64']

/** Chroots by name, with their architectures, as Copr offers them. */
const CHROOTS: Record<string, readonly string[]> = {
  'fedora-43': WITH_I386,
  'fedora-44': WITH_I386,
  'fedora-45': WITH_I386,
  'fedora-rawhide': WITH_I386,
  'fedora-eln': WITH_I386,
  'epel-8': SERVERS,
  'epel-9': SERVERS,
  'epel-10': SERVERS,
  'rhel-8': SERVERS,
  'rhel-9': SERVERS,
  'rhel-10': SERVERS,
  'rhel+epel-8': SERVERS,
  'rhel+epel-9': SERVERS,
  'rhel+epel-10': SERVERS,
  'centos-stream-9': SERVERS,
  'centos-stream-10': SERVERS,
  'centos-stream+epel-9': SERVERS,
  'centos-stream+epel-10': SERVERS,
  'centos-stream+epel-next-9': SERVERS,
  'alma+epel-8': SERVERS,
  'alma+epel-9': SERVERS,
  'alma+epel-10': SERVERS,
  'rocky+epel-8': COMMON,
  'rocky+epel-9': SERVERS,
  'rocky+epel-10': SERVERS,
  'amazonlinux-2023': COMMON,
  'mageia-9': ['aarch64', 'i586', 'x86_64'],
  'mageia-cauldron': ['aarch64', 'i586', 'x86_64'],
  'openeuler-24.03': COMMON,
  'opensuse-leap-15.6': COMMON,
  'opensuse-leap-16.0': SERVERS,
  'opensuse-tumbleweed': ['i586', ...SERVERS],
}

/** What is known without asking anybody: for the first start, and while the sources of newer lists are away. */
export const builtInLists: TargetLists = {
  readAt: AS_OF,
  releases: [...RELEASES],
  chroots: Object.entries(CHROOTS).flatMap(([name, arches]) => arches.map((arch) => `${name}-${arch}`)),
}

export const builtInTargets: TargetTable = makeTargetTable(builtInLists)
