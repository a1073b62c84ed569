import { makeAliases, type Release, type TargetTable } from './targets.ts'

/** Releases and chroots as they were read: what a table is made of, and what is kept of it. */
export interface TargetLists {
  /** When they were read, ISO 8601. */
  readAt: string
  /** Of Fedora and EPEL; those that are no longer listed stay as `archived`, known by name. */
  releases: Release[]
  chroots: string[]
  /** Address of the Copr whose chroots they are; left out: Fedora's. */
  copr?: string
}

const STATES: readonly string[] = ['current', 'pending', 'frozen', 'archived'] satisfies Release['state'][]

/** Lists that were kept; `undefined` when they are none, as of another version. */
export function parseTargetLists(value: unknown): TargetLists | undefined {
  const { readAt, releases, chroots, copr } = (value ?? {}) as Partial<Record<keyof TargetLists, unknown>>
  const isWhole =
    typeof readAt === 'string' &&
    /^\d{4}-\d{2}-\d{2}/.test(readAt) &&
    Array.isArray(releases) &&
    releases.every(isRelease) &&
    Array.isArray(chroots) &&
    chroots.every((chroot) => typeof chroot === 'string')
  return isWhole ? { readAt, releases, chroots, ...(typeof copr === 'string' ? { copr } : {}) } : undefined
}

function isRelease(value: unknown): value is Release {
  const { name, branch, state } = (value ?? {}) as Partial<Record<keyof Release, unknown>>
  return typeof name === 'string' && typeof branch === 'string' && STATES.includes(String(state))
}

export function makeTargetTable({ readAt, releases, chroots }: TargetLists): TargetTable {
  return {
    asOf: readAt.slice(0, 10),
    aliases: makeAliases(releases),
    others: releases.filter((release) => release.state === 'archived'),
    chroots,
  }
}

/** Lists that were kept, unless the program itself knows newer ones. */
export function newerLists(kept: TargetLists | undefined, builtIn: TargetLists): TargetLists {
  return kept && kept.readAt > builtIn.readAt ? kept : builtIn
}

/** What newer lists say, and of the older ones the releases that have left: their names mean the same still. */
export function mergeReleases(listed: readonly Release[], known: readonly Release[]): Release[] {
  const names = new Set(listed.map(({ name }) => name))
  const gone = known
    .filter(({ name }) => !names.has(name))
    .map((release) => ({ ...release, state: 'archived' as const }))
  return [...listed, ...gone]
}

/**
 * Why lists are not believed: an answer that is empty, or lacks half of what was there yesterday, is a fault of the source.
 *
 * @returns `undefined` when they are
 */
export function doubtTargetLists(fresh: TargetLists, known: TargetLists): string | undefined {
  const { 'fedora-stable': stable = [], 'epel-all': epel = [] } = makeAliases(fresh.releases)
  if (stable.length === 0) return 'there is no current release of Fedora among the releases'
  if (epel.length === 0) return 'there is no release of EPEL among the releases'
  const [now, before] = [living(fresh), living(known)]
  if (now * 2 < before) return `there are only ${now} releases; there were ${before}`
  // another Copr may have fewer, and for other releases
  const isSame = fresh.copr === known.copr
  const [chroots, had] = [fresh.chroots.length, isSame ? known.chroots.length : 0]
  if (chroots * 2 < had || chroots === 0) return `there are only ${chroots} chroots; there were ${had}`
  const missing = isSame && stable.find(({ name }) => !fresh.chroots.includes(`${name}-x86_64`))
  return missing ? `there is no chroot ${missing.name}-x86_64` : undefined
}

function living({ releases }: TargetLists): number {
  return releases.filter(({ state }) => state !== 'archived').length
}
