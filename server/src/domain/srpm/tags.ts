import { compilePattern } from '../pattern.ts'
import { sanitizeVersion } from './version.ts'

/** The configured keys that say which tags are versions. */
export interface TagRules {
  upstream_tag_template: string
  upstream_tag_include: string
  upstream_tag_exclude: string
}

/**
 * The version in a tag by a template such as `v{version}`: each placeholder stands for any text, the rest is a regular
 * expression, matched at the start of the tag.
 *
 * @returns null for an empty tag
 * @throws {RangeError} when the tag doesn't fit, or the template has no `{version}`
 * @throws {ConfigError} when the template can't be used as a pattern
 */
export function tagToVersion(tag: string, template: string): string | null {
  if (tag === '') return null
  const pattern = template.replace(/\{([A-Za-z_]\w*)\}/g, '(?P<$1>.+)')
  const version = compilePattern(pattern, { anchor: 'start' }).exec(tag)?.groups?.version
  if (!version) {
    throw new RangeError(
      `Unable to extract "version" from ${tag} using ${template}. ` +
        'Set upstream_tag_template to the form of your tags, and upstream_tag_include or upstream_tag_exclude to leave others out.',
    )
  }
  return version
}

/** The tags that count, by `upstream_tag_include` and then `upstream_tag_exclude`; their order stays. Throws `ConfigError`. */
export function filterTags(tags: readonly string[], rules: TagRules): string[] {
  const include = compilePattern(rules.upstream_tag_include, { anchor: 'start' })
  const exclude = compilePattern(rules.upstream_tag_exclude, { anchor: 'start' })
  const isOut = (tag: string) => rules.upstream_tag_exclude !== '' && exclude.test(tag)
  return tags.filter((tag) => include.test(tag) && !isOut(tag))
}

/** From what a version can be taken. */
export interface VersionSources extends TagRules {
  /** What each command of `get-current-version` printed; null or empty when the action isn't defined. */
  actionOutputs: readonly string[] | null
  tagsNewestFirst: readonly string[]
  /** The spec file's version, macros expanded. */
  specVersion: string
}

/**
 * The version of the package to build: what the action's last command printed, else that of the newest tag that counts,
 * else the spec file's.
 *
 * @throws {RangeError} when the newest tag doesn't fit the template
 */
export function currentVersion(from: VersionSources): string {
  const printed = from.actionOutputs?.at(-1)
  if (printed !== undefined) return sanitizeVersion(printed.trim())
  const newest = filterTags(from.tagsNewestFirst, from)[0]
  const version = newest === undefined ? null : tagToVersion(newest, from.upstream_tag_template)
  return version === null ? from.specVersion : sanitizeVersion(version)
}
