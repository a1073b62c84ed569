import { METADATA_KEYS, METADATA_RENAMED } from './job-keys.ts'
import { didYouMean } from './nearest.ts'
import { type Problems, placeOf, within } from './problems.ts'
import { type Entry, type MapNode, shorten } from './yaml/nodes.ts'

/**
 * Moves what stands in the deprecated mapping `metadata` of a job up into the job. Beside it none of its keys may be
 * written directly, `targets` excepted, which then counts for nothing (so does the existing service).
 */
export function liftMetadata(entries: readonly Entry[], path: string, problems: Problems): readonly Entry[] {
  const found = entries.find(({ key }) => key.type === 'text' && key.text === 'metadata')
  if (!found) return entries
  const place = placeOf(path, 'metadata')
  const direct = entries.filter((entry) => entry !== found)
  if (found.value.kind !== 'map') {
    problems.wrongType(found.value, place, 'a mapping (it is deprecated: write its keys directly in the job)')
    return direct
  }
  problems.warn('deprecated', found.key, place, 'metadata is deprecated; write its keys directly in the job')
  const lifted = liftedEntries(found.value, path, problems)
  if (found.value.entries.length > 0) refuseMixing(direct, path, problems)
  const names = new Set(lifted.map(({ key }) => key.text))
  for (const { key } of direct) {
    if (key.text === 'targets' && names.has('targets')) {
      problems.warn(
        'ignored',
        key,
        placeOf(path, 'targets'),
        'targets has no effect here, since metadata has targets too; keep one of them',
      )
    }
  }
  return [...direct.filter(({ key }) => !names.has(key.text)), ...lifted]
}

function liftedEntries(metadata: MapNode, path: string, problems: Problems): Entry[] {
  const lifted = new Map<string, Entry>()
  for (const { key, value } of metadata.entries) {
    const renamed = Object.hasOwn(METADATA_RENAMED, key.text) ? METADATA_RENAMED[key.text] : undefined
    const name = renamed ?? METADATA_KEYS.find((known) => known === key.text && key.type === 'text')
    if (name !== undefined) {
      lifted.set(name, { key: { ...key, text: name, value: name }, value })
      continue
    }
    problems.error(
      'unknown_key',
      key,
      { ...within(placeOf(path, 'metadata'), shorten(key.text)), key: shorten(key.text) },
      () => {
        return `metadata can't hold "${shorten(key.text)}"${didYouMean(key.text, METADATA_KEYS) || '; write it directly in the job'}`
      },
    )
  }
  return [...lifted.values()]
}

function refuseMixing(direct: readonly Entry[], path: string, problems: Problems): void {
  for (const { key } of direct) {
    if (key.text === 'targets' || !METADATA_KEYS.some((name) => name === key.text)) continue
    problems.error('mixed_metadata', key, placeOf(path, key.text), () => {
      return `${key.text} can't be written beside metadata; move the keys of metadata up into the job and take metadata out`
    })
  }
}
