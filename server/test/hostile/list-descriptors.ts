/** Prints where descriptor 60 leads, in this process and in a sandbox that it starts. */
import { readlinkSync } from 'node:fs'
import { openRange } from './attack.ts'

await using range = openRange()
console.log(`outside: ${readlinkSync('/proc/self/fd/60')}`)
const { log } = await range.attack({ script: 'cat /proc/*/fd/60 2>/dev/null' })
console.log(`inside: ${log}`)
