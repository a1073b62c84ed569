/** Characters that a branch or tag may have and that are dropped from a version or release. */
const DROPPED = /[!@#$%&*()={[}\]|\\'":;<,>/?`]/g

/** A tag, branch or action's output as part of a version or release: `1.0-rc1` → `1.0.rc1`, `pr/12` → `pr12`. */
export function sanitizeVersion(text: string): string {
  return text.replace(DROPPED, '').replaceAll('-', '.')
}

/** A branch as part of a name: `feature/x` → `feature-x`. */
export function sanitizeBranch(branch: string): string {
  return branch.replace(/[^\w.-]/g, '-')
}

/** Why a text can't be the Version of a package; undefined when it can. */
export function versionProblem(version: string): string | undefined {
  if (version === '') return 'it is empty'
  const bad = /[^\w.+~^]/.exec(version)?.[0]
  if (bad === undefined) return undefined
  return bad === '\n' ? 'it has more than one line' : `it contains ${JSON.stringify(bad)}`
}

/**
 * Compares two versions as Python packaging does (PEP 440, https://peps.python.org/pep-0440/); what isn't such a version
 * is older than any that is.
 *
 * @returns -1, 0 or 1
 */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [parsePep440(a), parsePep440(b)]
  if (left && right) return compareLists(left, right)
  if (left || right) return left ? 1 : -1
  return compareLists(legacyParts(a), legacyParts(b))
}

type Part = number | string | readonly Part[]

const PEP440 =
  /^v?(?:(\d+)!)?(\d+(?:\.\d+)*)(?:[-_.]?(a|b|c|rc|alpha|beta|pre|preview)[-_.]?(\d+)?)?(?:-(\d+)|[-_.]?(post|rev|r)[-_.]?(\d+)?)?(?:[-_.]?(dev)[-_.]?(\d+)?)?(?:\+([a-z0-9]+(?:[-_.][a-z0-9]+)*))?$/
const PRE_RANK: Record<string, number> = { a: 0, alpha: 0, b: 1, beta: 1, c: 2, rc: 2, pre: 2, preview: 2 }

/** A key that compares element by element; final releases sort behind pre-releases, development releases before them. */
function parsePep440(version: string): Part[] | undefined {
  const match = PEP440.exec(version.trim().toLowerCase())
  if (!match) return undefined
  const [, epoch = '0', release = '', pre, preNumber = '0', postDigits, post, postNumber = '0', dev, devNumber = '0'] =
    match
  const isPost = postDigits !== undefined || post !== undefined
  const preKey = pre ? [0, PRE_RANK[pre] ?? 0, Number(preNumber)] : [dev && !isPost ? -1 : 1, 0, 0]
  const numbers = release.replace(/(\.0+)+$/, '').split('.')
  return [
    Number(epoch),
    numbers.map(Number),
    preKey,
    isPost ? Number(postDigits ?? postNumber) : -1,
    dev ? Number(devNumber) : Number.POSITIVE_INFINITY,
    (match[10] ?? '').split(/[-_.]/).map((part) => (/^\d+$/.test(part) ? Number(part) : part)),
  ]
}

function legacyParts(version: string): Part[] {
  return (version.toLowerCase().match(/\d+|[a-z]+/g) ?? []).map((part) => (/^\d/.test(part) ? Number(part) : part))
}

function compareLists(a: readonly Part[], b: readonly Part[]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const sign = comparePart(a[i], b[i])
    if (sign !== 0) return sign
  }
  return 0
}

/** What is missing is older, words are older than numbers. */
function comparePart(a: Part | undefined, b: Part | undefined): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined)
  if (Array.isArray(a) && Array.isArray(b)) return compareLists(a, b)
  if (typeof a === typeof b) return a === b ? 0 : a < b ? -1 : 1
  return typeof a === 'number' ? 1 : -1
}
