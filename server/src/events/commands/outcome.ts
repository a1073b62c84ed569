import type { Command } from '../../domain/command/parse.ts'

/** What came of a command. Texts are Markdown of ours; words of strangers in them are escaped. */
export type Outcome =
  | { verdict: 'accepted'; note: string; eventId: number | null; attempt: number | null }
  | { verdict: 'refused'; reason: string; advice: string; eventId?: number }
  | { verdict: 'answered'; text: string; eventId?: number }

export interface Done {
  command: Command
  outcome: Outcome
}

export function refused(reason: string, advice: string): Outcome {
  return { verdict: 'refused', reason, advice }
}

export function answered(text: string): Outcome {
  return { verdict: 'answered', text }
}

/** The verdict on a whole comment: the best of its commands. */
export function verdictOf(done: readonly Done[]): Outcome['verdict'] {
  const has = (verdict: Outcome['verdict']) => done.some(({ outcome }) => outcome.verdict === verdict)
  return has('accepted') ? 'accepted' : has('refused') ? 'refused' : 'answered'
}

/** In a line, for those who look the delivery up. */
export function describeOutcome({ command, outcome }: Done): string {
  if (outcome.verdict === 'accepted') return `${command.name}: ${outcome.note}`
  if (outcome.verdict === 'refused') return `${command.name}: refused: ${outcome.reason}`
  return `${command.name}: answered`
}
