import { appendFile, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { applyEdits, toSpecText } from '../../../../domain/spec-file/lines.ts'
import { addPatches, type NewPatch } from '../../../../domain/spec-file/sources.ts'
import { findTags, mainTags, pickTag } from '../../../../domain/spec-file/tags.ts'
import { type PatchMetadata, readPatchMetadata } from '../../../../domain/srpm/patch-metadata.ts'
import { withDist } from '../../../../domain/srpm/release.ts'
import { hasAction, runAction } from './actions.ts'
import { findCommit } from './checkout.ts'
import { replaceTag, writeChangelog } from './edit-spec.ts'
import { evaluateSpec, readSpec, writeSpec } from './rpm-spec.ts'
import { git, run, tryGit } from './run.ts'
import { downloadSources } from './sources.ts'
import { beginStep, reasonOf, StepError, say, type Workshop } from './workshop.ts'

/**
 * Source-git mode: the upstream archive is the one the spec file names, and the commits since the upstream reference become
 * patches.
 */
export async function prepareSourceGit(shop: Workshop, upstreamRef: string, updateRelease: boolean): Promise<void> {
  await downloadSources(shop)
  await beginStep(shop, 'patches', `Patches since ${upstreamRef}`)
  const patches = hasAction(shop, 'create-patches')
    ? await runAction(shop, 'create-patches').then(() => [])
    : await makePatches(shop, await resolveUpstreamRef(shop, upstreamRef))
  if (shop.options.preserve_spec) return

  await beginStep(shop, 'spec', 'Spec file')
  await listPatches(shop, patches)
  if (!updateRelease) return
  const hash = (await git(shop, ['rev-parse', 'HEAD'])).slice(0, 8)
  await bumpRelease(shop, hash)
  await writeChangelog(shop, `- Downstream changes (${hash})`)
}

/** A pattern stands for the newest tag that fits it, or the newest branch when it begins with `branches/`. */
async function resolveUpstreamRef(shop: Workshop, upstreamRef: string): Promise<string> {
  await nameBranches(shop)
  const branches = /^branches\/(.*)$/s.exec(upstreamRef)?.[1]
  const isPattern = /[*?[]/.test(upstreamRef)
  const match =
    branches === undefined
      ? ['--tags', '--match', upstreamRef]
      : ['--all', '--match', branches, '--match', `origin/${branches}`]
  const name = isPattern ? await tryGit(shop, ['describe', '--abbrev=0', ...match]) : upstreamRef
  const commit = name && (await findCommit(shop, name.replace(/^(heads|tags|remotes\/origin)\//, '')))
  if (commit) return commit
  throw new StepError('config', `upstream_ref: there is no commit, tag or branch "${upstreamRef}" in the repository.`)
}

/** Gives the branches their names, as a clone of the repository would have them; the mirror has their commits only. */
async function nameBranches(shop: Workshop): Promise<void> {
  for (const { name, sha } of shop.input.upstream ?? []) {
    if (name !== sha) await git(shop, ['update-ref', `refs/remotes/origin/${name}`, sha], { cwd: shop.repo })
  }
}

interface Patch extends PatchMetadata {
  fileName: string
  subject: string
  author: string
}

async function makePatches(shop: Workshop, upstream: string): Promise<NewPatch[]> {
  const tip = await linearize(shop, upstream)
  const folder = path.join(shop.scratch, 'patches')
  await mkdir(folder)
  const files = await formatPatches(shop, [`${upstream}..${tip}`], folder)
  const patches: Patch[] = []
  for (const file of files) {
    const sha = /^From ([0-9a-f]{40,64}) /.exec(await readFile(file, 'latin1'))?.[1] ?? ''
    const patch = await readPatch(shop, sha, path.basename(file))
    if (patch.isIgnored) continue
    if (patch.hasNoPrefix) await rewriteWithoutPrefix(shop, sha, file)
    await placePatch(shop, file, patch, patches)
  }
  return patches.filter((patch) => !patch.isInSpec).map(toNewPatch)
}

/** What of the work tree belongs to the packaging only and makes no patch. */
function patchPaths({ options }: Workshop): string[] {
  const ignored = [...options.patch_generation_ignore_paths, ...options.files_to_sync.flatMap((item) => item.src)]
  return ['--', '.', ...ignored.map((ignoredPath) => `:(exclude)${ignoredPath.replace(/^\.?\/+/, '')}`)]
}

async function formatPatches(shop: Workshop, revisions: readonly string[], folder: string): Promise<string[]> {
  const options = ['--no-numbered', '--no-signature', '--quiet', '--output-directory', folder]
  await git(shop, ['format-patch', ...options, ...revisions, ...patchPaths(shop)]).catch((error: unknown) => {
    throw new StepError('config', `The patches can't be made: ${reasonOf(error)}.`)
  })
  return (await readdir(folder)).sort().map((name) => path.join(folder, name))
}

async function rewriteWithoutPrefix(shop: Workshop, sha: string, file: string): Promise<void> {
  const folder = path.join(shop.scratch, 'patches', `plain-${sha}`)
  await mkdir(folder)
  const [plain] = await formatPatches(shop, ['--no-prefix', '-1', sha], folder)
  if (plain) await rename(plain, file)
}

/** Patches of a history with merges need not apply one after another: it is laid in a line on a branch of its own. */
async function linearize(shop: Workshop, upstream: string): Promise<string> {
  const merges = await git(shop, ['rev-list', '--merges', `${upstream}..HEAD`])
  if (merges === '') return 'HEAD'
  if ((await git(shop, ['status', '--porcelain', '--untracked-files=no'])) !== '') {
    const message = 'The history since upstream_ref has merges and can only be laid in a line when no file is changed.'
    throw new StepError('config', `${message} Commit what your actions change, or make the patches in create-patches.`)
  }
  say(shop, 'The history since upstream_ref has merges: it is laid in a line.')
  const head = await git(shop, ['rev-parse', 'HEAD'])
  const branch = await tryGit(shop, ['symbolic-ref', '--short', '--quiet', 'HEAD'])
  const line = `packit-patches-${head.slice(0, 8)}`
  await git(shop, ['checkout', '--quiet', '-B', line])
  await run(shop, ['git', 'rebase', '--quiet', '--no-rebase-merges', upstream]).catch((error: unknown) => {
    throw new StepError('config', `The commits since upstream_ref don't apply one after another: ${reasonOf(error)}.`)
  })
  await git(shop, ['checkout', '--quiet', branch ?? head])
  return line
}

async function readPatch(shop: Workshop, sha: string, fileName: string): Promise<Patch> {
  const shown = await git(shop, ['log', '-1', '--format=%s%x00%an <%ae>%x00%B', sha])
  const [subject = '', author = '', message = ''] = shown.split('\0')
  try {
    const metadata = readPatchMetadata(message)
    return { ...metadata, fileName: metadata.name ?? fileName, subject, author }
  } catch (error) {
    throw new StepError('config', `Commit ${sha.slice(0, 8)} (${subject}): ${reasonOf(error)}.`)
  }
}

/** Commits that name the same patch become one, if they follow each other. */
async function placePatch(shop: Workshop, file: string, patch: Patch, patches: Patch[]): Promise<void> {
  const target = path.join(shop.specDir, patch.fileName)
  const content = await readFile(file)
  if (patches.at(-1)?.fileName === patch.fileName) {
    await appendFile(target, content)
    return
  }
  if (patches.some((other) => other.fileName === patch.fileName)) {
    const message = `Several commits name the patch ${patch.fileName}, but they don't follow each other.`
    throw new StepError('config', `${message} Reorder them or name another patch.`)
  }
  await writeFile(target, content)
  patches.push(patch)
}

function toNewPatch(patch: Patch): NewPatch {
  const comment = [...(patch.description ?? [patch.subject]), ...(patch.isYaml ? [`Author: ${patch.author}`] : [])]
  return {
    fileName: toSpecText(patch.fileName),
    comment: comment.map((line) => toSpecText(line.replaceAll('%', '%%'))),
    ...(patch.id !== undefined && { number: patch.id }),
  }
}

async function listPatches(shop: Workshop, patches: readonly NewPatch[]): Promise<void> {
  try {
    await writeSpec(shop, addPatches(await readSpec(shop), patches))
  } catch (error) {
    if (error instanceof RangeError)
      throw new StepError('config', `${error.message}. Numbers of patches must increase.`)
    throw error
  }
}

/** The suffix behind the release; without one the next number and the commit. */
async function bumpRelease(shop: Workshop, hash: string): Promise<void> {
  const spec = await readSpec(shop)
  const evaluated = await evaluateSpec(shop, spec)
  const raw = pickTag(mainTags(findTags(spec), 'release'), evaluated.isLive)?.value ?? ''
  const suffix = shop.options.release_suffix
  const next = Number.parseInt(evaluated.release, 10) + 1
  const release = suffix ? `${evaluated.release}.${suffix}` : `${Number.isNaN(next) ? 1 : next}.g${hash}`
  await writeSpec(shop, applyEdits(spec, replaceTag(shop, spec, evaluated, 'release', withDist(release, raw))))
}
