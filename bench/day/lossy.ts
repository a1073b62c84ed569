// A way for messages that loses some, doubles some, and brings them in another order.
import { setTimeout as sleep } from 'node:timers/promises'

export interface LossyOptions {
  /** Of all messages, so large a part gets lost, and as large a part comes twice. */
  share: number
  /** Each message is late by up to so much, which brings them in another order. */
  lateMs: number
  random: () => number
}

export interface Lossy {
  /** Brings a message on its way, as often as it arrives; resolves when it has. False when it got lost. */
  send(deliver: () => Promise<unknown> | undefined): Promise<boolean>
  counts: { sent: number; lost: number; doubled: number }
}

export function openLossy({ share, lateMs, random }: LossyOptions): Lossy {
  const counts = { sent: 0, lost: 0, doubled: 0 }
  return {
    counts,
    async send(deliver) {
      counts.sent += 1
      const chance = random()
      if (chance < share) {
        counts.lost += 1
        return false
      }
      const isTwice = chance < 2 * share
      if (isTwice) counts.doubled += 1
      const once = async () => {
        await sleep(random() * lateMs)
        await deliver()
      }
      await Promise.all(isTwice ? [once(), once()] : [once()])
      return true
    },
  }
}
