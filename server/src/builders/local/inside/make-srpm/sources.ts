import { copyFile, mkdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { evaluateSpec, readSpec } from './rpm-spec.ts'
import { beginStep, reasonOf, resolveInside, StepError, say, type Workshop } from './workshop.ts'

interface Wanted {
  url: string
  file: string
}

/**
 * Has the remote sources and patches downloaded that aren't there yet: those of the setting `sources`, then those of the
 * spec file. Nothing is downloaded when the repository has a file `sources` (the layout of dist-git).
 *
 * @throws {StepError} `source-download`
 */
export async function downloadSources(shop: Workshop): Promise<void> {
  await beginStep(shop, 'sources', 'Remote sources')
  if (await exists(path.join(shop.repo, 'sources'))) {
    say(shop, 'The repository has a file "sources", as dist-git has: no source is downloaded.')
    return
  }
  for (const { path: configured, url } of shop.options.sources) {
    await download(shop, { url, file: resolveInside(shop.specDir, configured, 'sources') })
  }
  // evaluated only now: the spec file may read what was just downloaded
  const { sources } = await evaluateSpec(shop, await readSpec(shop))
  for (const { location } of sources) {
    const wanted = remoteSource(shop, location)
    if (wanted) await download(shop, wanted)
  }
}

/** A location with scheme and host; the file is named by the last part of the address, its fragment included. */
function remoteSource(shop: Workshop, location: string): Wanted | undefined {
  if (!/^[a-z][a-z0-9+.-]*:\/\/[^/]+\//i.test(location)) return undefined
  const name = location.split('/').at(-1)
  return name ? { url: location.replace(/#.*$/, ''), file: path.join(shop.specDir, name) } : undefined
}

async function download(shop: Workshop, { url, file }: Wanted): Promise<void> {
  if (await exists(file)) return
  say(shop, `Download ${url}`)
  try {
    const fetched = await shop.host.fetchInto(url)
    await mkdir(path.dirname(file), { recursive: true })
    await copyFile(fetched, file)
  } catch (error) {
    throw new StepError('source-download', `Failed to download source from ${url}: ${reasonOf(error)}`)
  }
}

async function exists(file: string): Promise<boolean> {
  return (await stat(file).catch(() => undefined)) !== undefined
}
