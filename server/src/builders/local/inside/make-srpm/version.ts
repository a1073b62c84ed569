import { currentVersion, filterTags } from '../../../../domain/srpm/tags.ts'
import { versionProblem } from '../../../../domain/srpm/version.ts'
import { runAction } from './actions.ts'
import { listTags } from './checkout.ts'
import { evaluateSpec, readSpec } from './rpm-spec.ts'
import { beginStep, reasonOf, StepError, say, type Workshop } from './workshop.ts'

/**
 * The version to build, from the action `get-current-version`, the tags or the spec file. It is found once and used
 * everywhere.
 *
 * @throws {StepError} `version` when a tag doesn't fit the template or the result can't be a version
 */
export async function findVersion(shop: Workshop): Promise<string> {
  await beginStep(shop, 'version', 'Version')
  const actionOutputs = await runAction(shop, 'get-current-version')
  const tagsNewestFirst = await tagsForVersion(shop)
  const { version: specVersion } = await evaluateSpec(shop, await readSpec(shop))
  const from = { ...shop.options, actionOutputs, tagsNewestFirst, specVersion }
  const version = orVersionError(() => currentVersion(from))
  const problem = versionProblem(version)
  if (problem) {
    throw new StepError('version', `${JSON.stringify(version)} can't be the version of a package: ${problem}.`)
  }
  say(shop, `Version: ${version}`)
  return version
}

/** For a release its own tag comes first, whatever other tags the commit has. */
async function tagsForVersion(shop: Workshop): Promise<string[]> {
  const { tag } = shop.input
  const tags = await listTags(shop)
  return tag === null ? tags : [tag, ...tags.filter((other) => other !== tag)]
}

/** The newest tag that counts as a version; undefined when there is none. */
export async function findLastTag(shop: Workshop): Promise<string | undefined> {
  const tags = await listTags(shop)
  return orVersionError(() => filterTags(tags, shop.options)[0])
}

function orVersionError<T>(find: () => T): T {
  try {
    return find()
  } catch (error) {
    throw new StepError('version', reasonOf(error))
  }
}
