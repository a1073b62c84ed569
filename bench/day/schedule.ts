// What a day of Fedora's CI asks for: when pull requests come, and how their builds and tests end. Pure: the same day each time.
import { createHash } from 'node:crypto'

const DAY_MINUTES = 24 * 60

/** The chroots of each run. */
export const CHROOTS: readonly string[] = [
  'fedora-rawhide-x86_64',
  'fedora-43-x86_64',
  'fedora-43-aarch64',
  'fedora-42-x86_64',
  'epel-9-x86_64',
]

/** Those in which the packages are tested as well. */
export const TESTED: readonly string[] = ['fedora-43-x86_64', 'epel-9-x86_64']

export interface PlannedRun {
  /** From 1, in the order in which they come. */
  number: number
  /** From 0: the project whose pull request it is. */
  project: number
  /** Minute of the day, not whole. */
  minute: number
}

/** Pull requests of an hour compared with the busiest one: Europe's morning and America's, and few at night. */
function density(hour: number): number {
  const peak = (at: number, width: number) => Math.exp(-(((hour - at) / width) ** 2))
  return Math.min(1, 0.15 + 0.7 * peak(9, 3) + 0.85 * peak(15.5, 3.5))
}

/** A burst is what a bot opens: so many at once, of one project. */
const BURST = { share: 0.05, least: 3, most: 8, minutes: 1 }

/**
 * The pull requests of a day, by time. A few projects have most of them, and a part comes in bursts.
 *
 * @param runs      how many, at least 1
 * @param projects  how many projects there are, at least 1
 */
export function planDay(runs: number, projects: number): PlannedRun[] {
  const random = randomOf('day')
  const found: Omit<PlannedRun, 'number'>[] = []
  while (found.length < runs) {
    const minute = random() * DAY_MINUTES
    if (random() > density(minute / 60)) continue
    // squared: the first ones are the busy ones
    const project = Math.floor(random() ** 2 * projects)
    const isBurst = random() < BURST.share
    const count = isBurst ? BURST.least + Math.floor(random() * (BURST.most - BURST.least + 1)) : 1
    for (let i = 0; i < count && found.length < runs; i += 1)
      found.push({ project, minute: Math.min(DAY_MINUTES, minute + random() * BURST.minutes) })
  }
  return found.toSorted((a, b) => a.minute - b.minute).map((run, i) => ({ number: i + 1, ...run }))
}

export interface Fate {
  /** Of the build in this chroot; one that sticks ends as Copr's limit of time has it. */
  buildMinutes: number
  build: 'succeeds' | 'fails' | 'sticks'
  /** Of its tests, from the request on; those that stick are ended by Testing Farm. */
  testMinutes: number
  test: 'passes' | 'fails' | 'breaks' | 'sticks'
}

/** Shares of what goes otherwise than well. */
export const SHARES = {
  buildFails: 0.08,
  buildSticks: 0.01,
  testFails: 0.1,
  testBreaks: 0.01,
  testSticks: 0.01,
} as const

/** How long a build sits in Copr's queue and builds, in minutes: half take less. The longest are cut off. */
const BUILD = { median: 6, spread: 0.8, most: 120 }
const TEST = { median: 5, spread: 0.6, most: 90 }
/** When what sticks is ended. */
const STUCK = { build: 5 * 60, test: 4 * 60 }
/** Architectures of which there are fewer machines. */
const SLOWER: Readonly<Record<string, number>> = { aarch64: 1.5, ppc64le: 1.8, s390x: 2.5 }

/**
 * How the build in a chroot, and its tests, go: settled by names alone, so that whoever plays Copr knows it as well as who plays
 * Testing Farm.
 *
 * @param run  what tells it apart from all others
 */
export function fateOf(run: string, chroot: string): Fate {
  const random = randomOf(`${run} ${chroot}`)
  const arch = chroot.split('-').at(-1) ?? ''
  const building = lasting(BUILD, random) * (SLOWER[arch] ?? 1)
  const testing = lasting(TEST, random)
  const build = choose(random(), [
    ['sticks', SHARES.buildSticks],
    ['fails', SHARES.buildFails],
    ['succeeds', 1],
  ] as const)
  const test = choose(random(), [
    ['sticks', SHARES.testSticks],
    ['breaks', SHARES.testBreaks],
    ['fails', SHARES.testFails],
    ['passes', 1],
  ] as const)
  return {
    ...{ build, buildMinutes: build === 'sticks' ? STUCK.build : building },
    ...{ test, testMinutes: test === 'sticks' ? STUCK.test : testing },
  }
}

/** Evenly spread numbers from 0 to below 1, the same for the same seed. */
export function randomOf(seed: string): () => number {
  let state = createHash('sha256').update(seed).digest().readUInt32LE()
  // mulberry32
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Log-normal, as times of builds are. */
function lasting({ median, spread, most }: typeof BUILD, random: () => number): number {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  return Math.min(most, median * Math.exp(spread * normal))
}

/** The first whose share holds the number; the last one takes what is left. */
function choose<T>(at: number, shares: readonly (readonly [T, number])[]): T {
  let left = at
  for (const [what, share] of shares) {
    if (left < share) return what
    left -= share
  }
  const last = shares.at(-1)
  if (!last) throw new RangeError('there is nothing to choose from')
  return last[0]
}
