import { serverNow, useNow } from '../lib/clock.ts'
import { hasEnded, type State } from '../lib/state.ts'
import { exactTime, formatDuration, isoTime, relativeTime } from '../lib/time.ts'

/** A time as people say it (`3 minutes ago`), exact on hover. It goes on by itself. */
export function Time({ at }: { at: number | null | undefined }) {
  const young = at != null && serverNow() - at < 120
  const now = useNow(young ? 1 : 30)
  if (at == null) return null
  return (
    <time dateTime={isoTime(at)} title={exactTime(at)}>
      {relativeTime(at, now)}
    </time>
  )
}

interface DurationProps {
  from: number | null
  to: number | null
  state: State
}

/** How long something took, or has taken so far. Nothing before it has begun, or when its end was not recorded. */
export function Duration({ from, to, state }: DurationProps) {
  const grows = from !== null && to === null && !hasEnded(state)
  const now = useNow(grows ? 1 : 0)
  if (from === null || (to === null && !grows)) return null
  return <span className="duration">{formatDuration((to ?? now) - from, grows)}</span>
}
