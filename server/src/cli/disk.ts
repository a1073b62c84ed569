import { statfs } from 'node:fs/promises'

/** Below either of these no new build starts. */
const LEAST_FREE_BYTES = 2 * 2 ** 30
const LEAST_FREE_SHARE = 0.05

/** Whether there is room for another build on the disk of the data directory. */
export async function checkDisk(dataDir: string): Promise<{ ok: boolean; message: string | null }> {
  const { bavail, blocks, bsize } = await statfs(dataDir)
  const free = bavail * bsize
  if (free >= LEAST_FREE_BYTES && bavail / blocks >= LEAST_FREE_SHARE) return { ok: true, message: null }
  const gigabytes = (free / 2 ** 30).toFixed(1)
  return {
    ok: false,
    message: `${gigabytes} GB are free in ${dataDir}: builds wait until there is more room (5 % and 2 GB)`,
  }
}
