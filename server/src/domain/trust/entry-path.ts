import { ConflictError } from '../errors.ts'

/** What somebody wants to allow or deny, as they wrote it. */
export interface WantedEntry {
  /** As the allowlist has it; a repository ends with `.git`. */
  path: string
  /** What the path may be as well, when it doesn't say which: a repository, instead of a group of its name. */
  repository: { forge: string; namespace: string; name: string } | null
}

/** Where namespaces have one part, so that a second one can only be a repository. */
const FLAT_FORGES = ['github.com', 'codeberg.org']

/**
 * Reads `forge`, `forge/namespace` or `forge/namespace/repository`; an address of a page does as well.
 *
 * @throws {ConflictError} when it is none
 */
export function parseEntryPath(text: string): WantedEntry {
  const bare = text
    .trim()
    .replace(/^https?:\/\//i, '')
    .replace(/\/+$/, '')
  const [host = '', ...parts] = bare.split('/')
  const forge = host.toLowerCase()
  if (bare.length > 500 || !isHost(forge) || !parts.every(isName)) throw new ConflictError(explain(text))
  const last = parts.at(-1) ?? ''
  const isRepository = last.endsWith('.git')
  if (isRepository && parts.length < 2) throw new ConflictError(explain(text))
  const name = isRepository ? last.slice(0, -'.git'.length) : last
  const namespace = parts.slice(0, -1).join('/')
  const asRepository = `${forge}/${namespace}/${name}.git`
  if (isRepository) return { path: asRepository, repository: null }
  if (!FLAT_FORGES.includes(forge) || parts.length < 2) {
    return { path: [forge, ...parts].join('/'), repository: parts.length < 2 ? null : { forge, namespace, name } }
  }
  if (parts.length > 2) throw new ConflictError(explain(text))
  return { path: asRepository, repository: null }
}

const isHost = (text: string) => /^[a-z0-9_]([a-z0-9_.-]*[a-z0-9])?(:\d+)?$/.test(text) && !text.includes('..')

const isName = (text: string) => text !== '' && text !== '.' && text !== '..' && !/[\p{C}\p{Z}%?#\\]/u.test(text)

function explain(text: string): string {
  return `${JSON.stringify(text.slice(0, 200))} is no path of the allowlist: write github.com/acme, github.com/acme/hello or github.com`
}
