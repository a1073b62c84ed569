import { MAX_NAME } from './checked-texts.ts'
import { EMPTY_LAYER, readLayer, type WrittenLayer } from './layers.ts'
import { DEFAULTS, type Layer, type WrittenOptions } from './options.ts'
import { type Problems, placeOf, within } from './problems.ts'
import { valueFor } from './readers.ts'
import { describe, type Entry, type MapNode, shorten, type YamlNode } from './yaml/nodes.ts'

/** What a configuration doesn't say itself. */
export interface ConfigContext {
  /** Name of the repository: the default of both package names. */
  repoName?: string
  /** Path of the configuration file in the repository. */
  configPath: string
  /** Spec files found at the top of the repository; the first is taken where none is named. */
  specFiles: string[]
}

/** A package before its jobs: what was written, and all of its options. */
export interface PackageDraft {
  name: string
  options: WrittenOptions
  layers: WrittenLayer[]
  /** The place of the package's name; of the whole file where there is no `packages`. */
  node: { start: number }
  path: string
}

const TOP_LEVEL_ONLY = ['_', 'jobs', 'packages']

/** Reads the top level and `packages`. Without `packages` the top level is the only package. */
export function readPackages(root: MapNode, context: ConfigContext, problems: Problems): PackageDraft[] {
  const own = root.entries.filter(({ key }) => key.type !== 'text' || !TOP_LEVEL_ONLY.includes(key.text))
  const top = readLayer(own, 'top', '', problems)
  const packages = valueFor(root, 'packages')
  if (packages === undefined) return [singlePackage(top, context, root)]
  if (!isPackages(packages, problems)) return []
  return packages.entries.map((entry) => readPackage(entry, top, context, problems))
}

function isPackages(node: YamlNode, problems: Problems): node is MapNode {
  const place = placeOf('', 'packages')
  if (node.kind !== 'map') {
    problems.wrongType(node, place, 'a mapping from package name to its settings', 'for one package leave the key out')
    return false
  }
  if (node.entries.length > 0) return true
  problems.error(
    'missing_key',
    node,
    place,
    'packages needs at least one package, such as "hello: {specfile_path: hello.spec}"; or leave the key out',
  )
  return false
}

function readPackage(
  { key, value }: Entry,
  top: WrittenLayer,
  context: ConfigContext,
  problems: Problems,
): PackageDraft {
  const place = within(placeOf('', 'packages'), shorten(key.text))
  if (key.type !== 'text')
    problems.wrongType(key, place, 'a mapping whose names are text', `put the name in quotes: '${shorten(key.text)}'`)
  if (key.text.length > MAX_NAME)
    problems.error('bad_name', key, place, `the name of a package has at most ${MAX_NAME} characters`)
  if (value.kind !== 'map') {
    problems.error(
      'wrong_type',
      value,
      place,
      () => `package "${shorten(key.text)}" must be a mapping of its settings, found ${describe(value)}; write {}`,
    )
  }
  const own = value.kind === 'map' ? readLayer(value.entries, 'package', place.path, problems) : EMPTY_LAYER
  const options = packageOptions(own.values, top.values, key.text, context)
  return { name: key.text, options, layers: [own, top], node: key, path: place.path }
}

function singlePackage(top: WrittenLayer, context: ConfigContext, root: MapNode): PackageDraft {
  const name = top.values.downstream_package_name || context.repoName || 'package'
  return { name, options: packageOptions(top.values, {}, name, context), layers: [top], node: root, path: '' }
}

/**
 * Own options over the top level's over the defaults. Names and spec file that nobody wrote follow from what is known;
 * an empty name counts as none.
 */
function packageOptions(own: Layer, top: Layer, key: string, context: ConfigContext): WrittenOptions {
  const { repoName, specFiles, configPath } = context
  return {
    ...DEFAULTS,
    ...top,
    ...own,
    upstream_package_name: own.upstream_package_name || top.upstream_package_name || repoName || null,
    downstream_package_name: own.downstream_package_name || top.downstream_package_name || repoName || key,
    specfile_path: ownSpec(own) || top.specfile_path || specFiles[0] || null,
    config_file_path: own.config_file_path ?? top.config_file_path ?? baseName(configPath),
  }
}

/** The spec file that the package's own lines name, the package's name included. */
function ownSpec(own: Layer): string | null {
  if (own.specfile_path) return own.specfile_path
  return own.downstream_package_name ? `${own.downstream_package_name}.spec` : null
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
