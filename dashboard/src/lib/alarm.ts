/** A wait that can be ended early. A ring that comes while nobody waits ends the next wait at once. */
export class Alarm {
  private rung = false
  private wakeUp: (() => void) | null = null

  ring = (): void => {
    this.rung = true
    this.wakeUp?.()
  }

  /** Waits at most `ms` milliseconds. */
  async wait(ms: number): Promise<void> {
    if (!this.rung) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms)
        this.wakeUp = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
    this.wakeUp = null
    this.rung = false
  }
}
