/** What a commit of a source-git repository says about the patch that is made of it. */
export interface PatchMetadata {
  /** File name; git's own by default. */
  name?: string
  /** Lines of the comment in the spec file. */
  description?: string[]
  id?: number
  isInSpec: boolean
  isIgnored: boolean
  hasNoPrefix: boolean
  /** Trailers (`Patch-name: …`) or YAML in the message (`patch_name: …`); the author is named for the latter. */
  isYaml: boolean
}

/**
 * Reads the metadata of a patch out of a commit's message. Trailers count if there are any, else lines of YAML.
 *
 * @throws {RangeError} when the name or number can't be used
 */
export function readPatchMetadata(message: string): PatchMetadata {
  const trailers = readKeys(
    message,
    /^(Patch-name|Patch-id|Patch-status|Patch-present-in-specfile|Ignore-patch|No-prefix):\s*(.*)$/i,
  )
  const yaml = readKeys(
    message,
    /^(patch_name|patch_id|description|present_in_specfile|ignore|squash_commits|no_prefix):\s*(.*)$/,
  )
  const isYaml = trailers.size === 0 && yaml.size > 0
  const value = (trailer: string, key: string) => (isYaml ? yaml.get(key) : trailers.get(trailer))
  const flag = (trailer: string, key: string) => /^(true|yes|on|1)$/i.test(value(trailer, key)?.[0] ?? '')

  const name = value('patch-name', 'patch_name')?.[0]
  const id = value('patch-id', 'patch_id')?.[0]
  const description = value('patch-status', 'description')
  if (name !== undefined && !/^[\w.+~-]+$/.test(name))
    throw new RangeError(`patch name ${JSON.stringify(name)} isn't a file name`)
  if (id !== undefined && !/^\d{1,6}$/.test(id)) throw new RangeError(`patch id ${JSON.stringify(id)} isn't a number`)
  return {
    ...(name !== undefined && { name }),
    ...(id !== undefined && { id: Number(id) }),
    ...(description && { description }),
    isInSpec: flag('patch-present-in-specfile', 'present_in_specfile'),
    isIgnored: flag('ignore-patch', 'ignore'),
    hasNoPrefix: flag('no-prefix', 'no_prefix'),
    isYaml,
  }
}

/** Key in lower case → its lines; a value goes on in the indented lines below it. */
function readKeys(message: string, pattern: RegExp): Map<string, string[]> {
  const found = new Map<string, string[]>()
  let current: string[] | undefined
  for (const line of message.split('\n')) {
    const [, key, value = ''] = pattern.exec(line) ?? []
    if (key) {
      current = /^[|>][+-]?$/.test(value.trim()) ? [] : [value.trim().replace(/^(["'])(.*)\1$/, '$2')]
      found.set(key.toLowerCase(), current)
    } else if (/^\s+\S/.test(line) && current) {
      current.push(line.trim().replace(/^# ?/, ''))
    } else {
      current = undefined
    }
  }
  return found
}
