import type { Release } from '../domain/targets.ts'

const STATES: readonly string[] = ['current', 'pending', 'frozen']
/** Of the many kinds of releases (flatpaks, containers, ELN) these have chroots. */
const PRODUCTS: Record<string, string> = { FEDORA: 'fedora', 'FEDORA-EPEL': 'epel' }
const VERSION = /^\d{1,4}(\.\d{1,4})?$/
const BRANCH = /^[A-Za-z0-9._-]{1,50}$/
const CHROOT = /^[A-Za-z0-9][A-Za-z0-9+._-]{1,80}-[a-z0-9_]{2,20}$/
const MOST_CHROOTS = 5000

/**
 * The releases of Bodhi's pages. Bodhi knows no rawhide: it is the highest Fedora.
 *
 * @throws {Error} when they aren't what Bodhi's answers are
 */
export function readReleases(pages: readonly unknown[]): Release[] {
  const releases = pages.flatMap((page) => {
    const list = (page as { releases?: unknown } | null)?.releases
    if (!Array.isArray(list)) throw new Error('the answer has no list of releases')
    return list.flatMap(readRelease)
  })
  const each = [...new Map(releases.map((release) => [release.name, release])).values()]
  const fedora = each.filter(({ name }) => name.startsWith('fedora-')).toSorted((a, b) => numberOf(a) - numberOf(b))
  const highest = fedora.at(-1)
  return each.map((release) => {
    if (release === highest) return { ...release, name: 'fedora-rawhide', branch: 'rawhide' }
    // just branched, it may be told as rawhide for a while
    return release.branch === 'rawhide' ? { ...release, branch: `f${numberOf(release)}` } : release
  })
}

function readRelease(value: unknown): Release[] {
  const { id_prefix: prefix, name, version, branch, state } = (value ?? {}) as Record<string, unknown>
  const product = typeof prefix === 'string' && Object.hasOwn(PRODUCTS, prefix) ? PRODUCTS[prefix] : undefined
  if (!product || name === 'ELN' || version === 'eln' || !STATES.includes(String(state))) return []
  if (typeof version !== 'string' || !VERSION.test(version) || typeof branch !== 'string' || !BRANCH.test(branch))
    throw new Error(`the release ${JSON.stringify(name)} has no version or branch of the usual form`)
  return [{ name: `${product}-${version}`, branch, state: state as Release['state'] }]
}

function numberOf({ name }: Release): number {
  return Number(name.split('-')[1])
}

/**
 * The chroots of Copr's list, a mapping from name to comment.
 *
 * @throws {Error} when it is none
 */
export function readChroots(answer: unknown): string[] {
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer))
    throw new Error('the answer is no mapping of chroots')
  const names = Object.keys(answer).filter((name) => CHROOT.test(name))
  if (names.length > MOST_CHROOTS) throw new Error(`the answer has ${names.length} chroots`)
  return names.toSorted()
}
