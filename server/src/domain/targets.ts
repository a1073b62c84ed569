import { nearest } from './nearest.ts'

/** A release of a distribution: what its chroots are called, and its branch in dist-git (`fedora-44`, `f44`). */
export interface Distribution {
  name: string
  branch: string
}

export interface Release extends Distribution {
  /** `archived`: still known by name, but part of no alias. */
  state: 'current' | 'pending' | 'frozen' | 'archived'
}

/** What the names in a configuration stand for. */
export interface TargetTable {
  /** The day the data is of, ISO 8601. */
  asOf: string
  aliases: Readonly<Record<string, readonly Distribution[]>>
  /** Releases that are only known by name. */
  others?: readonly Distribution[]
  /** All chroots that can be built for somewhere; a name that isn't among them is unknown. None is when left out. */
  chroots?: readonly string[]
}

/** The table in force: it is refreshed while the service runs. */
export interface Targets {
  current(): Promise<TargetTable>
}

/** What is built for when a configuration names nothing. */
export const DEFAULT_TARGET = 'fedora-stable'
export const DEFAULT_ARCH = 'x86_64'
/** Architectures that a name may end with. */
export const ARCHES = ['aarch64', 'armhfp', 'i386', 'ppc64le', 's390x', 'x86_64'] as const

export interface ExpandedTargets {
  /** In the order of the names, none twice. */
  chroots: string[]
  /** Names that stand for no chroot, and those like them that would. */
  unknown: { name: string; nearest: string[] }[]
}

/**
 * The chroots that names of a configuration stand for.
 *
 * @param names  chroots (`fedora-44-aarch64`), releases (`fedora-44`, `f44`, `epel9`; on x86_64), or aliases with or without
 *               `-<arch>`; none: `fedora-stable`
 */
export function expandTargets(names: readonly string[], table: TargetTable): ExpandedTargets {
  return createExpander(table)(names)
}

/** A configuration of thousands of names that are all wrong is told no likely ones for the rest: looking takes time. */
const MOST_NEAREST = 50

/** Expands the names of all jobs of one configuration, each name once. */
export function createExpander(table: TargetTable): (names: readonly string[]) => ExpandedTargets {
  const known = table.chroots && new Set(table.chroots)
  const found = new Map<string, { chroots: string[]; unknown: ExpandedTargets['unknown'] }>()
  let looked = 0
  const expand = (name: string) => {
    const expanded = known?.has(name) ? [name] : expandName(name, table)
    // of an alias, a release that lacks the architecture is left out
    const chroots = known ? expanded.filter((chroot) => known.has(chroot)) : expanded
    if (chroots.length > 0) return { chroots, unknown: [] }
    looked += 1
    const likely = looked > MOST_NEAREST ? [] : nearest(name, likelyNames(name, table))
    return { chroots, unknown: [{ name, nearest: likely }] }
  }
  return (names) => {
    const chroots = new Set<string>()
    const unknown: ExpandedTargets['unknown'] = []
    for (const name of names.length > 0 ? names : [DEFAULT_TARGET]) {
      const one = found.get(name) ?? expand(name)
      found.set(name, one)
      for (const chroot of one.chroots) chroots.add(chroot)
      unknown.push(...one.unknown)
    }
    return { chroots: [...chroots], unknown }
  }
}

/** A sentence for the packager about a name that isn't known. */
export function unknownTargetMessage({ name, nearest }: ExpandedTargets['unknown'][number]): string {
  const advice =
    nearest.length > 0
      ? `Did you mean ${nearest.join(', ')}?`
      : 'Give a chroot, a release or an alias such as fedora-stable.'
  return `There is no target "${name}". ${advice}`
}

function expandName(name: string, { aliases, others = [] }: TargetTable): string[] {
  const [base, arch] = splitArch(name)
  const alias = Object.hasOwn(aliases, base) ? aliases[base] : undefined
  const releases = alias ?? [findRelease(base, [...Object.values(aliases).flat(), ...others])]
  return [...new Set(releases.map((release) => `${chrootName(release)}-${arch}`))]
}

/** A name and its architecture; x86_64 where it has none. */
export function splitArch(name: string): [string, string] {
  const arch = ARCHES.find((a) => name.endsWith(`-${a}`))
  return arch ? [name.slice(0, -arch.length - 1), arch] : [name, DEFAULT_ARCH]
}

/** The release of a name or a branch; a name that isn't listed stands for itself. */
function findRelease(name: string, listed: readonly Distribution[]): Distribution {
  const found = listed.find((release) => release.name === name || release.branch === name)
  if (found) return found
  if (name === 'eln') return { name: 'fedora-eln', branch: 'eln' }
  // the deprecated spelling of the time when there was only one
  if (name === 'centos-stream') return { name: 'centos-stream-8', branch: '' }
  const branch = /^(f|epel)(\d+)$/.exec(name)
  return branch ? { name: `${branch[1] === 'f' ? 'fedora' : 'epel'}-${branch[2]}`, branch: name } : { name, branch: '' }
}

/** From EPEL 10 on there are minors: the leading one has the plain chroot, the others are built against that RHEL. */
function chrootName({ name, branch }: Distribution): string {
  const major = /^epel-(\d+)\.\d+$/.exec(name)?.[1]
  if (major === undefined) return name
  return branch.includes('.') ? `rhel+epel-${major}` : `epel-${major}`
}

function likelyNames(name: string, { aliases, chroots = [], others = [] }: TargetTable): string[] {
  const names = [
    ...Object.keys(aliases),
    ...[...Object.values(aliases).flat(), ...others].map((release) => release.name),
  ]
  const bases = [...names, ...chroots.map((chroot) => splitArch(chroot)[0])]
  return splitArch(name)[0] === name
    ? [...bases, ...chroots]
    : [...chroots, ...Object.keys(aliases).map((alias) => `${alias}-${splitArch(name)[1]}`)]
}

/**
 * The aliases that follow from the releases there are (as Bodhi lists them).
 *
 * @param releases  of Fedora and EPEL; the highest Fedora is rawhide, whatever its number
 */
export function makeAliases(releases: readonly Release[]): Record<string, Distribution[]> {
  const living = releases
    .filter((release) => release.state !== 'archived')
    .toSorted((a, b) => versionOf(a) - versionOf(b))
  const fedora = living.filter((release) => release.name.startsWith('fedora-'))
  const epel = living.filter((release) => release.name.startsWith('epel-'))
  const stable = fedora.filter((release) => release.state === 'current')
  const development = fedora.filter((release) => release.state !== 'current')
  const branched = fedora.filter((release) => release.branch !== 'rawhide')
  const aliases = {
    'fedora-all': fedora,
    'fedora-stable': stable,
    'fedora-development': development,
    'fedora-latest': branched.slice(-1),
    'fedora-latest-stable': stable.slice(-1),
    'fedora-branched': branched,
    'epel-all': epel,
    ...epelMinors(epel),
  }
  return Object.fromEntries(
    Object.entries(aliases).map(([alias, list]) => [alias, list.map(({ name, branch }) => ({ name, branch }))]),
  )
}

/** Whether a distribution is a Fedora that was branched and is not yet released: not everything has it. */
export function isFreshlyBranched(distro: string, { aliases }: Pick<TargetTable, 'aliases'>): boolean {
  const number = Number(/^fedora-(\d+)$/i.exec(distro)?.[1] ?? Number.NaN)
  const released = (aliases['fedora-stable'] ?? []).map(versionOf)
  return released.length > 0 && number > Math.max(...released)
}

function epelMinors(epel: readonly Release[]): Record<string, Release[]> {
  const minors = epel.filter((release) => /^epel-\d+\.\d+$/.test(release.name))
  const majors = Map.groupBy(minors, (release) => release.name.split('.')[0] ?? '')
  return Object.fromEntries(
    [...majors].flatMap(([major, all]) => [
      [major, all.filter((release) => !release.branch.includes('.'))],
      [`${major}-branched`, all.filter((release) => release.branch.includes('.'))],
      [`${major}-all`, all],
    ]),
  )
}

/** For sorting: rawhide is above all numbers, a minor version counts thousandths. */
function versionOf({ name }: Distribution): number {
  const [, major, minor] = /-(\d+)(?:\.(\d+))?$/.exec(name) ?? []
  return major === undefined ? Number.POSITIVE_INFINITY : Number(major) + Number(minor ?? 0) / 1000
}
