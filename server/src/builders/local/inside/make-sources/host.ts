import { createWriteStream } from 'node:fs'
import { copyFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'
import type { Host } from '../make-srpm/workshop.ts'

/** The same as for downloads that our own machine does for a sandbox. */
const LIMITS = { fileBytes: 1024 ** 3, totalBytes: 4 * 1024 ** 3, count: 200, timeMs: 10 * 60_000 }

/** What the steps need of the world, where nobody stands between them and it. */
export function createHost(downloads: string, out: string): Host {
  const used = { count: 0, bytes: 0 }
  return {
    log: (output) => void process.stdout.write(output),
    progress: () => {},
    async fetchInto(url) {
      used.count += 1
      if (used.count > LIMITS.count) throw new Error(`more than ${LIMITS.count} downloads in one run`)
      await mkdir(downloads, { recursive: true })
      const file = join(downloads, String(used.count))
      const bytes = await download(url, file, Math.min(LIMITS.fileBytes, LIMITS.totalBytes - used.bytes))
      used.bytes += bytes
      console.log(`Downloaded ${url} (${bytes} bytes)`)
      return file
    },
    sendFile: (name, path) => copyFile(path, join(out, name)),
  }
}

async function download(url: string, file: string, mostBytes: number): Promise<number> {
  const response = await fetch(url, { signal: AbortSignal.timeout(LIMITS.timeMs) }).catch((error: Error) => {
    throw new Error(`${error.message}: ${(error.cause as Error | undefined)?.message ?? ''}`)
  })
  if (!response.ok || !response.body) throw new Error(`the server answers ${response.status}`)
  let bytes = 0
  async function* metered(source: AsyncIterable<Buffer>) {
    for await (const chunk of source) {
      bytes += chunk.length
      if (bytes > mostBytes) throw new Error(`more than ${mostBytes} bytes come`)
      yield chunk
    }
  }
  await pipeline(Readable.fromWeb(response.body as ReadableStream), metered, createWriteStream(file))
  return bytes
}
