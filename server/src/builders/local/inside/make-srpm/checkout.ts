import { CommandError, git, run, tryGit } from './run.ts'
import { beginStep, reasonOf, StepError, say, type Workshop } from './workshop.ts'

/**
 * Makes the work tree: exactly the head commit, for a pull request merged into the recorded base. Author, committer and
 * dates of the merge are fixed, so that it is the same commit every time.
 *
 * @returns the commit that is packaged
 * @throws {StepError} `missing-commit`, `merge-conflict`
 */
export async function checkout(shop: Workshop): Promise<string> {
  const { headSha, baseSha, branch, merge, event } = shop.input
  await beginStep(shop, 'checkout', `Checkout of ${headSha}`)
  await run(shop, ['git', 'clone', '--quiet', '--shared', '--no-checkout', shop.mirror, shop.repo], {
    cwd: shop.scratch,
    // it warns that the copy, whose commits no branch names, looks empty
    log: 'silent',
  }).catch((error: unknown) => {
    throw new StepError('missing-commit', `The copy of the repository can't be read: ${gitReason(error)}`)
  })
  await requireCommit(shop, headSha)
  if (event === 'pull_request' && merge) await mergeIntoBase(shop, baseSha)
  else await switchTo(shop, branch, headSha)
  return git(shop, ['rev-parse', 'HEAD'], { cwd: shop.repo })
}

async function requireCommit(shop: Workshop, sha: string): Promise<void> {
  const args = ['cat-file', '-e', `${sha}^{commit}`]
  await git(shop, args, { cwd: shop.repo }).catch(() => {
    throw new StepError('missing-commit', `Commit ${sha} isn't in the repository (any more). Push again, or run again.`)
  })
}

/** Checks out on a branch of that name, or without a branch when there is none or git doesn't take the name. */
async function switchTo(shop: Workshop, branch: string | null, sha: string): Promise<void> {
  const cwd = shop.repo
  const valid = branch && (await git(shop, ['check-ref-format', '--branch', branch], { cwd }).catch(() => undefined))
  const target = valid ? ['-B', valid, sha] : ['--detach', sha]
  await git(shop, ['checkout', '--quiet', ...target], { cwd }).catch((error: unknown) => {
    throw new StepError('missing-commit', `Commit ${sha} can't be checked out: ${gitReason(error)}`)
  })
}

async function mergeIntoBase(shop: Workshop, baseSha: string | null): Promise<void> {
  const { headSha, baseRef, branch } = shop.input
  if (!baseSha) {
    const message = `Cannot get the target branch for merging ${branch ?? headSha}: no base commit is known.`
    throw new StepError('missing-commit', message)
  }
  await beginStep(shop, 'merge', `Merge of ${headSha} into ${baseRef ?? 'its base'} at ${baseSha}`)
  await requireCommit(shop, baseSha)
  await switchTo(shop, null, baseSha)

  const changes = `pr-changes/${/\d+$/.exec(branch ?? '')?.[0] ?? 'head'}`
  await git(shop, ['branch', '--no-track', '--force', changes, headSha], { cwd: shop.repo })
  const merge = ['git', 'merge', '--no-edit', '--no-stat', '-m', `Merge branch '${changes}'`, changes]
  await run(shop, merge, { cwd: shop.repo }).catch((error: unknown) => explainConflict(shop, error))
  await switchTo(shop, branch, 'HEAD')
}

async function explainConflict(shop: Workshop, error: unknown): Promise<never> {
  const listed = await git(shop, ['diff', '--name-only', '--diff-filter=U', '-z'], { cwd: shop.repo })
  const files = listed.split('\0').filter((name) => name !== '')
  const base = shop.input.baseRef ?? 'the target branch'
  if (files.length === 0) {
    throw new StepError('merge-conflict', `The change can't be merged into ${base}: ${gitReason(error)}`, { files })
  }
  const message = `The change conflicts with ${base} in ${files.join(', ')}. Merge or rebase, and push again.`
  throw new StepError('merge-conflict', message, { files })
}

function gitReason(error: unknown): string {
  if (!(error instanceof CommandError)) return reasonOf(error)
  return (error.stderr.trim() || error.stdout.trim() || error.message).split('\n').slice(-5).join('\n')
}

/**
 * A revision of the configuration or the event as a commit: a hash, a tag, or a branch of the repository.
 *
 * @returns undefined when there is none of that name
 */
export async function findCommit(shop: Workshop, revision: string): Promise<string | undefined> {
  if (revision.startsWith('-')) return undefined
  for (const name of [`refs/tags/${revision}`, `refs/remotes/origin/${revision}`, revision]) {
    const sha = await tryGit(shop, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`])
    if (sha) return sha.split('\n').at(-1)
  }
  return undefined
}

/** The tags that may be versions, newest first; of two made in the same second the higher version comes first. */
export async function listTags(shop: Workshop): Promise<string[]> {
  const { mergedRef } = shop.input
  const merged = mergedRef === null ? undefined : await findCommit(shop, mergedRef)
  if (mergedRef !== null && !merged) say(shop, `There is no ${mergedRef} here: all tags are looked at.`)
  const sort = ['--sort=-version:refname', '--sort=-creatordate']
  const listed = await git(shop, ['tag', '--list', ...sort, ...(merged ? [`--merged=${merged}`] : [])])
  return listed.split('\n').filter((tag) => tag !== '')
}
