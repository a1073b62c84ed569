/** What somebody who types into a search field may mean. */
export interface SearchTerms {
  /** What names and titles are held against; without blanks around. */
  text: string
  /** Host name, where the address of a project was given. */
  forge: string | null
  /** The text without forge and number: part of `namespace/repo`, or a pattern of it. */
  project: string
  /** Number of a pull request. */
  number: number | null
  /** How a commit's hash begins, in lower case. */
  commit: string | null
  /** Whether it is a pattern with `*` or `?`: of projects alone. */
  isPattern: boolean
  /** Whether three letters or digits stand in a row: less than that no index of parts of texts can find. */
  isIndexed: boolean
}

/** Longer ones find nothing that a shorter one would not. */
const MOST_LETTERS = 200
/** Where the pages of pull requests lie on the forges. */
const PULL_PAGE = /\/(?:-\/merge_requests|pulls?|pull-request)\/([0-9]+)(?:[/?#].*)?$/
const NUMBERED = /^(.*?)\s*[#!]([0-9]*)$/

/**
 * Reads what was typed: part of a name or title, `#41`, `41`, `acme/hello#41`, the first digits of a commit, a pattern
 * of a project, or the address of a project or pull request.
 */
export function parseSearch(typed: string): SearchTerms {
  const address = typed.trim().slice(0, MOST_LETTERS).trim()
  const text = address.replace(/^https?:\/\//i, '').replace(PULL_PAGE, '#$1')
  const [, before, digits] = NUMBERED.exec(text) ?? []
  const named = (before ?? text).replace(/\/$/, '')
  // what stands before two slashes and has a dot is taken for a host
  const [, forge = null, path = named] = /^([^/\s]+\.[^/\s]+)\/([^/]+\/.+)$/.exec(named) ?? []
  return {
    text: named,
    forge: forge?.toLowerCase() ?? null,
    project: path,
    number: readNumber(digits ?? (/^[0-9]+$/.test(named) ? named : '')),
    commit: digits === undefined && /^[0-9a-f]{4,64}$/i.test(named) ? named.toLowerCase() : null,
    isPattern: /[*?]/.test(path),
    isIndexed: /[a-z0-9]{3}/i.test(path),
  }
}

function readNumber(digits: string): number | null {
  const number = Number(digits)
  return digits !== '' && number > 0 && Number.isSafeInteger(number) ? number : null
}
