// Runs the fakes in a process of their own; what is asked of them, and what they answer, goes over its channel.
import { Fakes, type FakesOptions } from './fakes.ts'
import type { PlannedRun } from './schedule.ts'

export interface Asked {
  number: number
  name: keyof ReturnType<typeof answersOf>
  arguments: unknown[]
}

export type Answered = { number: number; value: unknown } | { number: number; error: string }

function answersOf(fakes: () => Fakes, open: (options: FakesOptions) => Promise<void>) {
  return {
    open,
    env: async () => fakes().env,
    prepare: (plan: PlannedRun[]) => fakes().prepare(plan),
    live: (plan: PlannedRun[], webhook: string) => fakes().live(plan, webhook),
    counts: async () => fakes().counts(),
    heal: async () => fakes().heal(),
    held: async () => fakes().held(),
  }
}

export type Answers = ReturnType<typeof answersOf>

let opened: Fakes | undefined
const answers = answersOf(
  () => {
    if (!opened) throw new Error('the fakes are not open yet')
    return opened
  },
  async (options) => {
    opened = await Fakes.open(options)
  },
)

process.on('message', (message) => {
  const { number, name, arguments: given } = message as Asked
  const answer = answers[name] as (...given: unknown[]) => Promise<unknown>
  answer(...given).then(
    (value) => process.send?.({ number, value } satisfies Answered),
    (error: Error) => process.send?.({ number, error: error.stack ?? error.message } satisfies Answered),
  )
})
// who asked is gone
process.on('disconnect', () => process.exit())
