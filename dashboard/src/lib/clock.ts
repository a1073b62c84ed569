import { useSyncExternalStore } from 'react'

let offsetMs = 0

/**
 * Tells how far this machine's clock is behind the server's, so that a running bar doesn't start in the future.
 * The `Date` header counts whole seconds: what lies within two of them is noise.
 */
export function setClockOffset(ms: number): void {
  offsetMs = Math.abs(ms) > 2_000 ? ms : 0
}

/** Now by the server's clock, in epoch seconds. */
export function serverNow(): number {
  return toServerTime(Date.now())
}

/** A moment of this machine's clock (milliseconds) by the server's, in epoch seconds. */
export function toServerTime(localMs: number): number {
  return (localMs + offsetMs) / 1000
}

/** Now by the server's clock in epoch seconds, renewed each `seconds`; `0` stands still. */
export function useNow(seconds: number): number {
  const step = seconds === 0 ? 1 : seconds
  return useSyncExternalStore(
    (tick) => {
      if (seconds === 0) return () => undefined
      const timer = setInterval(tick, seconds * 1000)
      return () => clearInterval(timer)
    },
    () => Math.floor(serverNow() / step) * step,
  )
}
