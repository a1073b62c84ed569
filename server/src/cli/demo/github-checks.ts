import { setTimeout as sleep } from 'node:timers/promises'
import { terminalText } from '../../domain/escape.ts'
import { LOOKS, type State } from '../../domain/status.ts'
import type { FakeGithub } from '../../forges/github/fake/fake-github.ts'
import { shownChecks } from '../../forges/github/fake/pages-repositories.ts'
import type { CheckRun, PullRequest } from '../../forges/github/fake/things.ts'
import { duration, markOf, type Output, paint } from '../terminal.ts'
import type { Stage } from './stage.ts'

const POLL_MS = 50
/** Building the sample takes seconds; a machine that is busy gets its time. */
const LONGEST_MS = 5 * 60_000

/** Waits until something is there. Throws after five minutes, naming it. */
export async function until<T>(
  what: string,
  find: () => T | undefined | false | Promise<T | undefined | false>,
): Promise<T> {
  const end = Date.now() + LONGEST_MS
  for (;;) {
    const found = await find()
    if (found) return found
    if (Date.now() > end) throw new Error(`after ${duration(LONGEST_MS)} there is still not: ${what}`)
    await sleep(POLL_MS)
  }
}

/** Prints each state of the checks of a pull request's head as GitHub gets to know it. */
export class CheckPrinter {
  readonly #github: FakeGithub
  readonly #stage: Stage
  readonly #printed = new Map<number, string>()

  constructor(github: FakeGithub, stage: Stage) {
    this.#github = github
    this.#stage = stage
  }

  /** Until it is over for what is shown then: the newest check of each name. */
  async follow(
    pull: PullRequest,
    isOver: (shown: readonly CheckRun[]) => boolean | Promise<boolean> = areOver,
  ): Promise<void> {
    await until(`the end of the checks of pull request ${pull.number}`, () => {
      const shown = shownChecks(this.#github.state, pull.repository, pull.pull.head.sha)
      for (const check of shown) this.#print(check)
      return isOver(shown)
    })
  }

  #print(check: CheckRun): void {
    const line = checkLine(check, this.#stage.output)
    if (this.#printed.get(check.id) !== line) this.#stage.printer.print(line)
    this.#printed.set(check.id, line)
  }
}

/** Whether somebody has to give leave first. */
export function isWaiting({ conclusion }: CheckRun): boolean {
  return conclusion === 'action_required'
}

function areOver(shown: readonly CheckRun[]): boolean {
  return shown.length > 0 && shown.every((check) => check.status === 'completed' && !isWaiting(check))
}

function stateOf({ status, conclusion }: CheckRun): State {
  const word = conclusion ?? status
  const found = Object.entries(LOOKS).find(([, { checkRun }]) => checkRun === word)
  return (found?.[0] as State | undefined) ?? 'pending'
}

function checkLine(check: CheckRun, output: Output): string {
  const { name, status, conclusion, output: text } = check
  const begin = `Check ${name}: ${(conclusion ?? status).replaceAll('_', ' ')}`
  // on a terminal, a line each
  const room = output.isTerminal ? Math.max(0, output.columns - begin.length - 6) : undefined
  const says = terminalText(text.title ?? '').slice(0, room)
  return `${markOf(output, stateOf(check))}  ${begin}  ${paint(output, 'grey', says)}`
}
