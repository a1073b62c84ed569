const WINDOW_S = 60

/** Sums up what was done within the last minute, second by second. */
export class PointWindow {
  readonly #bySecond = new Map<number, number>()

  add(points: number, now: Date): void {
    const second = secondOf(now)
    this.#forget(second)
    this.#bySecond.set(second, (this.#bySecond.get(second) ?? 0) + points)
  }

  /** When there is room for so many points below `most`; null = now. */
  roomAt(points: number, most: number, now: Date): Date | null {
    this.#forget(secondOf(now))
    let sum = [...this.#bySecond.values()].reduce((a, b) => a + b, 0)
    if (sum + points <= most) return null
    for (const [second, spent] of this.#bySecond) {
      sum -= spent
      if (sum + points <= most) return new Date((second + WINDOW_S + 1) * 1000)
    }
    return new Date((secondOf(now) + WINDOW_S + 1) * 1000)
  }

  #forget(second: number): void {
    for (const old of this.#bySecond.keys()) if (old < second - WINDOW_S) this.#bySecond.delete(old)
  }
}

function secondOf(date: Date): number {
  return Math.floor(date.getTime() / 1000)
}
