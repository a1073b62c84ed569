import { execFile } from 'node:child_process'
import { appendFile, rm } from 'node:fs/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Paths and contents; null removes a file. */
export type Files = Record<string, string | null>

export interface NewCommit {
  /** Full name of the ref that shall point at it. */
  ref: string
  /** Left out: a commit without a past. */
  parent?: string
  files: Files
  message: string
  author: string
  at: Date
}

/** What is told of a commit. */
export interface Commit {
  sha: string
  tree: string
  parents: string[]
  author: { name: string; email: string; date: string }
  committer: { name: string; email: string; date: string }
  message: string
}

export const ENV = {
  PATH: '/usr/local/bin:/usr/bin:/bin',
  HOME: '/nonexistent',
  LC_ALL: 'C',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'GitHub',
  GIT_AUTHOR_EMAIL: 'noreply@github.invalid',
  GIT_COMMITTER_NAME: 'GitHub',
  GIT_COMMITTER_EMAIL: 'noreply@github.invalid',
}

/** Commits that a repository is known to have: they never leave it, and asking git each time takes too long. */
const known = new Map<string, Set<string>>()

function remember(dir: string, sha: string): string {
  known.set(dir, (known.get(dir) ?? new Set()).add(sha))
  return sha
}

/** Git in a bare repository of the fake's own; what it prints. */
export async function git(dir: string, args: readonly string[], env: Record<string, string> = {}): Promise<string> {
  const { stdout } = await run('git', [...args], { cwd: dir, env: { ...ENV, ...env }, maxBuffer: 64 * 1024 ** 2 })
  return stdout.trimEnd()
}

async function feed(dir: string, args: readonly string[], input: string): Promise<string> {
  const started = run('git', [...args], { cwd: dir, env: ENV })
  started.child.stdin?.on('error', () => {})
  started.child.stdin?.end(input)
  return (await started).stdout.trimEnd()
}

export async function createBare(dir: string): Promise<void> {
  // what an earlier fake left in the same folder
  await rm(dir, { recursive: true, force: true })
  known.delete(dir)
  await git('/', ['init', '--quiet', '--bare', '--initial-branch=main', '--template=', dir])
  // as GitHub: any commit can be asked for, and parts of repositories
  await appendFile(
    `${dir}/config`,
    '[uploadpack]\n\tallowAnySHA1InWant = true\n\tallowFilter = true\n[gc]\n\tauto = 0\n',
  )
}

/** Makes a commit from files, in one process, and gives its id. */
export async function commit(dir: string, { ref, parent, files, message, author, at }: NewCommit): Promise<string> {
  const who = `${author.replaceAll(/[<>\n]/g, '')} <${author.replaceAll(/[^\w.-]/g, '')}@users.noreply.github.invalid>`
  const when = `${Math.floor(at.getTime() / 1000)} +0000`
  const changes = Object.entries(files).map(([path, text]) =>
    text === null ? `D ${quote(path)}\n` : `M ${modeOf(text)} inline ${quote(path)}\n${data(text)}`,
  )
  const input = [
    `commit ${ref}\nmark :1\nauthor ${who} ${when}\ncommitter ${who} ${when}\n${data(message)}`,
    parent ? `from ${parent}\n` : '',
    ...changes,
    'get-mark :1\ndone\n',
  ].join('')
  return remember(dir, await feed(dir, ['fast-import', '--quiet', '--force', '--done', '--cat-blob-fd=1'], input))
}

/** Scripts may be run. */
function modeOf(text: string): string {
  return text.startsWith('#!') ? '100755' : '100644'
}

function quote(path: string): string {
  return `"${path.replaceAll(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"`
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}\n`
}

export async function setRef(dir: string, ref: string, sha: string): Promise<void> {
  await git(dir, ['update-ref', ref, sha])
}

/** Sets several at once; null deletes. */
export async function setRefs(dir: string, refs: Record<string, string | null>): Promise<void> {
  const lines = Object.entries(refs).map(([ref, sha]) => (sha ? `update ${ref} ${sha}` : `delete ${ref}`))
  await feed(dir, ['update-ref', '--stdin'], `${lines.join('\n')}\n`)
}

export async function deleteRef(dir: string, ref: string): Promise<void> {
  await git(dir, ['update-ref', '-d', ref])
}

/** The object that a name stands for, e.g. a branch, a tag or a part of an id; undefined if there is none. */
export async function resolve(dir: string, name: string, kind = 'commit'): Promise<string | undefined> {
  if (name.startsWith('-')) return undefined
  if (kind === 'commit' && known.get(dir)?.has(name)) return name
  const asked = ['rev-parse', '--quiet', '--verify', '--end-of-options', `${name}^{${kind}}`]
  const found = await git(dir, asked).catch(() => undefined)
  return found && kind === 'commit' ? remember(dir, found) : found
}

/** Refs below a prefix, and what they point at: for an annotated tag, `tag`. */
export async function listRefs(dir: string, prefix: string): Promise<{ ref: string; sha: string; type: string }[]> {
  const out = await git(dir, ['for-each-ref', '--format=%(objectname) %(objecttype) %(refname)', prefix])
  return out.split('\n').flatMap((line) => {
    const [sha = '', type = '', ref = ''] = line.split(' ')
    return ref ? [{ ref, sha, type }] : []
  })
}

export async function readCommit(dir: string, sha: string): Promise<Commit> {
  const format = '%H%x00%T%x00%P%x00%an%x00%ae%x00%aI%x00%cn%x00%ce%x00%cI%x00%B'
  const out = await git(dir, ['log', '-1', `--format=${format}`, sha, '--'])
  const [id = '', tree = '', parents = '', an = '', ae = '', at = '', cn = '', ce = '', ct = '', body = ''] =
    out.split('\0')
  return {
    sha: id,
    tree,
    parents: parents.split(' ').filter(Boolean),
    author: { name: an, email: ae, date: new Date(at).toISOString() },
    committer: { name: cn, email: ce, date: new Date(ct).toISOString() },
    message: body.trimEnd(),
  }
}

/** The commits of `from..to`, oldest first. */
export async function listCommits(dir: string, from: string, to: string): Promise<string[]> {
  const out = await git(dir, ['rev-list', '--reverse', '--max-count=250', `${from}..${to}`])
  return out.split('\n').filter(Boolean)
}

export async function mergeBase(dir: string, one: string, other: string): Promise<string | undefined> {
  return await git(dir, ['merge-base', one, other]).catch(() => undefined)
}

export async function readFile(dir: string, sha: string, path: string): Promise<Buffer | undefined> {
  const options = { cwd: dir, env: ENV, encoding: 'buffer' as const, maxBuffer: 64 * 1024 ** 2 }
  const found = await run('git', ['cat-file', 'blob', `${sha}:${path}`], options).catch(() => undefined)
  return found?.stdout
}

/** Brings commits over from another repository, e.g. from a fork, to a ref. */
export async function fetchFrom(dir: string, source: string, sha: string, ref: string): Promise<void> {
  await git(dir, ['fetch', '--quiet', '--no-tags', `file://${source}`, `+${sha}:${ref}`])
  remember(dir, sha)
}

/** A merge of two commits; undefined where they conflict. */
export async function mergeCommits(
  dir: string,
  base: string,
  head: string,
  { message, at }: { message: string; at: Date },
): Promise<string | undefined> {
  const tree = await git(dir, ['merge-tree', '--write-tree', base, head]).catch(() => undefined)
  if (!tree) return undefined
  const date = `${Math.floor(at.getTime() / 1000)} +0000`
  const env = { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date }
  return remember(dir, await git(dir, ['commit-tree', '-p', base, '-p', head, '-m', message, tree], env))
}

/** An annotated tag. */
export async function tag(dir: string, name: string, sha: string): Promise<void> {
  await git(dir, ['tag', '--force', '--annotate', '--message', name, name, sha])
}
