import { addChangelogEntry, sanitizeChangelog } from '../../../../domain/spec-file/changelog.ts'
import { applyEdits, type Edit, type SpecText, toSpecText } from '../../../../domain/spec-file/lines.ts'
import { findSetupMacros, pickSetupMacro, setSetupDirectory } from '../../../../domain/spec-file/prep.ts'
import { setSource, sourceNumber } from '../../../../domain/spec-file/sources.ts'
import { findTags, mainTags, pickTag, setTagValue } from '../../../../domain/spec-file/tags.ts'
import { makeRelease, type NewRelease, timestampDigits } from '../../../../domain/srpm/release.ts'
import { hasAction, runAction } from './actions.ts'
import { findRootDir } from './archive.ts'
import { type EvaluatedSpec, evaluateSpec, readSpec, writeSpec } from './rpm-spec.ts'
import { git, tryGit } from './run.ts'
import { findLastTag } from './version.ts'
import { beginStep, StepError, say, type Workshop } from './workshop.ts'

/**
 * Makes the spec file fit what is built: by the action `fix-spec-file`, else by setting source, directory, version, release
 * and changelog.
 */
export async function fixSpec(shop: Workshop, version: string, archive: string, updateRelease: boolean): Promise<void> {
  await beginStep(shop, 'spec', 'Spec file')
  const spec = await readSpec(shop)
  const evaluated = await evaluateSpec(shop, spec)
  const release = await planRelease(shop, spec, evaluated, { version, archive, updateRelease })
  if (hasAction(shop, 'fix-spec-file')) {
    await runAction(shop, 'fix-spec-file', release.variables)
    return
  }
  const rootDir = await findRootDir(shop, archive, version)
  const edits = [
    replaceSource(shop, spec, evaluated, archive),
    replaceDirectory(shop, spec, evaluated, rootDir),
    replaceTag(shop, spec, evaluated, 'version', release.version),
    updateRelease ? replaceTag(shop, spec, evaluated, 'release', release.release) : [],
  ]
  await writeSpec(shop, applyEdits(spec, edits.flat()))

  const text = await changelogText(shop, version, updateRelease)
  if (text !== undefined) await writeChangelog(shop, text)
}

async function planRelease(
  shop: Workshop,
  spec: SpecText,
  evaluated: EvaluatedSpec,
  { version, archive, updateRelease }: { version: string; archive: string; updateRelease: boolean },
): Promise<NewRelease> {
  const { createdAt, branch } = shop.input
  const head = await git(shop, ['rev-parse', 'HEAD'])
  try {
    return makeRelease({
      rawRelease: pickTag(mainTags(findTags(spec), 'release'), evaluated.isLive)?.value ?? '',
      expandedRelease: evaluated.release,
      releaseSuffix: shop.options.release_suffix,
      versionSuffix: shop.options.version_suffix,
      updateRelease,
      version,
      variables: { PACKIT_PROJECT_COMMIT: head.slice(0, 8), PACKIT_PROJECT_ARCHIVE: archive },
      snapshot: { timestamp: timestampDigits(createdAt), branch: branch ?? head, describe: await describe(shop) },
    })
  } catch (error) {
    if (error instanceof RangeError) throw new StepError('config', error.message)
    throw error
  }
}

/**
 * The newest tag, the commits since, and the hash, always cut to seven digits: git would take more of them as the
 * repository grows, and the same pipeline would get another name.
 */
async function describe(shop: Workshop): Promise<string | null> {
  const found = await tryGit(shop, ['describe', '--tags', '--long', '--abbrev=40', '--match', '*'])
  return found?.replace(/-g([0-9a-f]{7})[0-9a-f]*$/, '-g$1') ?? null
}

function replaceSource(shop: Workshop, spec: SpecText, evaluated: EvaluatedSpec, archive: string): Edit[] {
  const id = shop.options.spec_source_id
  const edit = setSource(spec, sourceNumber(id), toSpecText(archive), evaluated.isLive)
  if (edit) return [edit]
  throw new StepError('config', `spec_source_id: ${shop.specPath} has no source for ${JSON.stringify(id)}.`)
}

function replaceDirectory(shop: Workshop, spec: SpecText, evaluated: EvaluatedSpec, rootDir: string): Edit[] {
  const macro = pickSetupMacro(findSetupMacros(spec), evaluated.isLiveMacro)
  if (macro) return [setSetupDirectory(spec, macro, toSpecText(rootDir))]
  say(shop, `warning: ${shop.specPath} has no %setup or %autosetup in %prep: the directory ${rootDir} isn't set.`)
  return []
}

/** Sets a tag of the package; one that a macro makes is left alone, with a warning. */
export function replaceTag(
  shop: Workshop,
  spec: SpecText,
  evaluated: EvaluatedSpec,
  kind: 'version' | 'release',
  value: string,
): Edit[] {
  const tag = pickTag(mainTags(findTags(spec), kind), evaluated.isLive)
  if (tag) return [setTagValue(tag, toSpecText(value))]
  say(shop, `warning: ${shop.specPath} has no line "${kind}:" of its own: it isn't set to ${value}.`)
  return []
}

/** What the changelog shall say; undefined when it isn't to be written. */
async function changelogText(shop: Workshop, version: string, updateRelease: boolean): Promise<string | undefined> {
  const outputs = await runAction(shop, 'changelog-entry', {
    PACKIT_PROJECT_VERSION: version,
    PACKIT_PROJECT_UPSTREAM_TAG: shop.input.tag ?? '',
    PACKIT_PROJECT_PREVIOUS_VERSION: '',
    PACKIT_RESOLVED_BUGS: '',
  })
  if (outputs.length > 0) return outputs.map((output) => output.trimEnd()).join('\n')
  if (!updateRelease) return undefined

  const tag = await findLastTag(shop)
  const range = tag === undefined ? undefined : `refs/tags/${tag}..HEAD`
  const log = range && (await git(shop, ['log', '--no-merges', '--pretty=format:- %s (%an)', range]))
  return log || `- Development snapshot (${(await git(shop, ['rev-parse', 'HEAD'])).slice(0, 8)})`
}

/** Adds an entry to the changelog of the spec file as it is now. */
export async function writeChangelog(shop: Workshop, text: string): Promise<void> {
  const spec = await readSpec(shop)
  const { epoch, version, release } = await evaluateSpec(shop, spec)
  const entry = {
    at: new Date(shop.input.createdAt),
    packager: shop.input.packager,
    evr: `${epoch === '' ? '' : `${epoch}:`}${version}-${release}`,
    text: sanitizeChangelog(text),
  }
  await writeSpec(shop, addChangelogEntry(spec, entry))
}
