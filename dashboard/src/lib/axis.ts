/** A span on the axis, in epoch seconds; `null` for what hasn't come. */
export interface Span {
  queued_at: number | null
  started_at: number | null
  ended_at: number | null
}

export interface Axis {
  start: number
  /** Always later than `start`. */
  end: number
  /** Seconds from the start, the first is 0. */
  ticks: number[]
}

/** Percent from the left edge, and percent of the whole width. */
export interface Bar {
  left: number
  width: number
}

const STEPS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 28_800, 86_400]

/**
 * One axis for all steps: from the first that was queued to the last that ended, or to now while one still runs.
 *
 * @param maxTicks  how many marks fit, at least 2
 */
export function makeAxis(spans: readonly Span[], now: number, maxTicks = 6): Axis {
  const starts = spans.flatMap((s) => s.queued_at ?? s.started_at ?? [])
  const start = starts.length > 0 ? Math.min(...starts) : now
  const ends = spans.flatMap((s) => s.ended_at ?? ((s.queued_at ?? s.started_at) ? now : []))
  const end = Math.max(start + 0.5, ...ends)
  return { start, end, ticks: makeTicks(end - start, maxTicks) }
}

function makeTicks(length: number, maxTicks: number): number[] {
  const step = STEPS.find((s) => length / s < maxTicks) ?? Math.ceil(length / maxTicks / 86_400) * 86_400
  const count = Math.floor(length / step) + 1
  return Array.from({ length: count }, (_, i) => Math.round(i * step * 10) / 10)
}

/** The light bar: from queued to started (or to its end, or now, when it never started). */
export function queuedBar(span: Span, axis: Axis, now: number): Bar | null {
  if (span.queued_at === null) return null
  return toBar(span.queued_at, span.started_at ?? span.ended_at ?? now, axis)
}

/** The dark bar: from started to ended, or to now. */
export function runningBar(span: Span, axis: Axis, now: number): Bar | null {
  if (span.started_at === null) return null
  return toBar(span.started_at, span.ended_at ?? now, axis)
}

function toBar(from: number, to: number, axis: Axis): Bar {
  const length = axis.end - axis.start
  const left = clamp(((from - axis.start) / length) * 100)
  return { left, width: clamp(((to - axis.start) / length) * 100) - left }
}

function clamp(percent: number): number {
  return Math.min(100, Math.max(0, percent))
}
