/** The settings of a package that its SRPM depends on, under their names in the configuration. */
export interface SrpmOptions {
  upstream_package_name: string | null
  downstream_package_name: string | null
  specfile_path: string | null
  paths: string[]
  upstream_ref: string | null
  upstream_tag_template: string
  upstream_tag_include: string
  upstream_tag_exclude: string
  /** Checked when an action is run: the configuration takes any value. */
  actions: Record<string, unknown>
  spec_source_id: string | number
  archive_root_dir_template: string
  sources: { path: string; url: string }[]
  update_release: boolean
  release_suffix: string | null
  version_suffix: string | null
  preserve_spec: boolean
  /** Null undefines the macro. */
  parse_time_macros: Record<string, string | null>
  patch_generation_ignore_paths: string[]
  files_to_sync: { src: string[] }[]
}

/**
 * The settings that matter here, with defaults for those missing.
 *
 * @throws {TypeError} naming the key whose value has the wrong type
 */
export function readSrpmOptions(options: object): SrpmOptions {
  const read = new OptionReader(options)
  return {
    upstream_package_name: read.text('upstream_package_name'),
    downstream_package_name: read.text('downstream_package_name'),
    specfile_path: read.text('specfile_path'),
    paths: read.texts('paths'),
    upstream_ref: read.text('upstream_ref'),
    upstream_tag_template: read.text('upstream_tag_template') ?? '{version}',
    upstream_tag_include: read.text('upstream_tag_include') ?? '',
    upstream_tag_exclude: read.text('upstream_tag_exclude') ?? '',
    actions: read.mapping('actions'),
    spec_source_id: read.textOrNumber('spec_source_id') ?? 'Source0',
    archive_root_dir_template: read.text('archive_root_dir_template') ?? '{upstream_pkg_name}-{version}',
    sources: read.list('sources').map((item) => {
      const source = new OptionReader(item, 'sources: ')
      return { path: source.text('path') ?? '', url: source.text('url') ?? '' }
    }),
    update_release: read.flag('update_release', true),
    release_suffix: read.text('release_suffix'),
    version_suffix: read.text('version_suffix'),
    preserve_spec: read.flag('preserve_spec', false),
    parse_time_macros: Object.fromEntries(
      Object.entries(read.mapping('parse_time_macros')).map(([name, value]) => [
        name,
        value === null ? null : String(value),
      ]),
    ),
    patch_generation_ignore_paths: read.texts('patch_generation_ignore_paths'),
    files_to_sync: read.list('files_to_sync').map((item) => ({ src: syncSources(item) })),
  }
}

function syncSources(item: unknown): string[] {
  if (typeof item === 'string') return [item]
  const src = typeof item === 'object' && item !== null && 'src' in item ? item.src : []
  return (Array.isArray(src) ? src : [src]).filter((path) => typeof path === 'string')
}

class OptionReader {
  readonly #options: Record<string, unknown>
  readonly #place: string

  constructor(options: unknown, place = '') {
    if (typeof options !== 'object' || options === null) throw new TypeError(`${place}expected a mapping`)
    this.#options = { ...options }
    this.#place = place
  }

  #value(key: string): unknown {
    return this.#options[key] ?? null
  }

  #wrong(key: string, expected: string): TypeError {
    return new TypeError(`${this.#place}${key}: expected ${expected}, found ${JSON.stringify(this.#value(key))}`)
  }

  text(key: string): string | null {
    const value = this.#value(key)
    if (value !== null && typeof value !== 'string') throw this.#wrong(key, 'a text')
    return value
  }

  textOrNumber(key: string): string | number | null {
    const value = this.#value(key)
    return typeof value === 'number' ? value : this.text(key)
  }

  flag(key: string, byDefault: boolean): boolean {
    const value = this.#value(key) ?? byDefault
    if (typeof value !== 'boolean') throw this.#wrong(key, 'true or false')
    return value
  }

  list(key: string): unknown[] {
    const value = this.#value(key) ?? []
    if (!Array.isArray(value)) throw this.#wrong(key, 'a list')
    return value
  }

  texts(key: string): string[] {
    const value = this.list(key)
    if (!value.every((item): item is string => typeof item === 'string')) throw this.#wrong(key, 'a list of texts')
    return value
  }

  mapping(key: string): Record<string, unknown> {
    const value = this.#value(key) ?? {}
    if (typeof value !== 'object' || Array.isArray(value)) throw this.#wrong(key, 'a mapping')
    return { ...value }
  }
}
