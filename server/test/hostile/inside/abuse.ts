/** Speaks to the host in bytes of its own choice: what a stranger's program could do that took over ours. */
import { spawnSync } from 'node:child_process'
import { writeSync } from 'node:fs'
import { readInput } from '../../../src/sandbox/inside/host.ts'

const { bytes, repeat } = (await readInput()) as { bytes: string; repeat: number }
const data = Buffer.from(bytes, 'base64')
for (let i = 0; i < repeat; i++) write(data)
setTimeout(() => {}, 60_000)

function write(all: Buffer): void {
  let rest = all
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(4, rest))
    } catch (error) {
      // the host reads slower than this writes
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
      spawnSync('sleep', ['0.01'])
    }
  }
}
