import { writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { gunzipSync, zstdDecompressSync } from 'node:zlib'
import { XMLParser } from 'fast-xml-parser'

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  isArray: (name) => name === 'package' || name === 'data',
})

interface Repomd {
  repomd: { data: { '@type': string; location: { '@href': string } }[] }
}

interface Primary {
  metadata: {
    package?: {
      name: string
      arch: string
      version: { '@epoch': string; '@ver': string; '@rel': string }
      location: { '@href': string }
    }[]
  }
}

/**
 * Downloads the packages of a dnf repository.
 *
 * @param wanted  `name-[epoch:]version-release.arch` of those that are wanted; empty = all
 * @param into    a folder of this machine
 */
export async function downloadRepository(
  address: string,
  wanted: readonly string[],
  into: string,
): Promise<{ name: string; path: string }[]> {
  const base = address.endsWith('/') ? address : `${address}/`
  const { repomd } = parser.parse((await fetchBytes(new URL('repodata/repomd.xml', base))).toString()) as Repomd
  const index = repomd.data.find((data) => data['@type'] === 'primary')
  if (!index) throw new Error(`${address} has no list of packages`)
  const href = index.location['@href']
  const { metadata } = parser.parse(unpack(href, await fetchBytes(new URL(href, base)))) as Primary
  const found: { name: string; path: string }[] = []
  for (const { name, arch, version, location } of metadata.package ?? []) {
    const { '@epoch': epoch, '@ver': ver, '@rel': rel } = version
    const names = [`${name}-${ver}-${rel}.${arch}`, `${name}-${epoch}:${ver}-${rel}.${arch}`]
    if (arch === 'src' || (wanted.length > 0 && !names.some((one) => wanted.includes(one)))) continue
    const file = basename(location['@href'])
    const path = join(into, file)
    await writeFile(path, await fetchBytes(new URL(location['@href'], base)))
    found.push({ name: file, path })
  }
  return found
}

function unpack(name: string, bytes: Buffer): string {
  if (name.endsWith('.gz')) return gunzipSync(bytes).toString()
  return (name.endsWith('.zst') ? zstdDecompressSync(bytes) : bytes).toString()
}

async function fetchBytes(url: URL): Promise<Buffer> {
  const response = await fetch(url, { signal: AbortSignal.timeout(60_000) })
  if (!response.ok) throw new Error(`${url.href} answered ${response.status}`)
  return Buffer.from(await response.arrayBuffer())
}
