import { setTimeout as sleep } from 'node:timers/promises'

/** So that a test that waits in vain says for what. */
const LONGEST_MS = 180_000

/** Waits for a state of the service; how long that takes is no part of any rule. */
export async function until(what: string, isTrue: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + LONGEST_MS
  while (!(await isTrue())) {
    if (Date.now() > end) throw new Error(`it never came to this: ${what}`)
    await sleep(100)
  }
}
