import { listChecks, listPipelinesOfEvent } from '../../db/events.ts'
import type { Run } from '../../db/runs.ts'
import { terminalText } from '../../domain/escape.ts'
import type { FakeGithub } from '../../forges/github/fake/fake-github.ts'
import { fullName } from '../../forges/github/fake/state.ts'
import type { PullRequest, Repository } from '../../forges/github/fake/things.ts'
import { makeSignInLink } from '../links.ts'
import type { Started } from '../start.ts'
import { paint } from '../terminal.ts'
import { CheckPrinter, isWaiting, until } from './github-checks.ts'
import { decidePull, openPull, tellViolations } from './github-pulls.ts'
import { changedProgram, MEMBER, OUTSIDER, OWNER, setUpApp } from './github-stand-in.ts'
import { done, hasFailed, heading, resultLines, type Stage, showRuns } from './stage.ts'

/** Of an answer in a comment; the page has all of it. */
const SHOWN_LINES = 6

/** What the demo has happen on GitHub, in its order, and how it is told. */
export class GithubStory {
  readonly #github: FakeGithub
  readonly #repository: Repository
  readonly #started: Started
  readonly #stage: Stage
  readonly #checks: CheckPrinter

  constructor(github: FakeGithub, repository: Repository, started: Started, stage: Stage) {
    this.#github = github
    this.#repository = repository
    this.#started = started
    this.#stage = stage
    this.#checks = new CheckPrinter(github, stage)
  }

  /** @returns the exit code: 0 when all went well */
  async tell(): Promise<number> {
    await this.#setUp()
    const own = await this.#openOfMember()
    await this.#askForHelp(own.pull)
    const fork = await this.#openOfOutsider()
    const runs = [...own.runs, ...fork.runs]
    this.#stage.printer.close()
    for (const line of await this.#closing(own, fork)) this.#stage.output.write(`${line}\n`)
    return hasFailed(runs) || tellViolations(this.#github, this.#stage) ? 1 : 0
  }

  async #setUp(): Promise<void> {
    const name = fullName(this.#repository)
    done(this.#stage, `GitHub: one of our own, in memory, on this machine alone: ${this.#github.url}`)
    const app = await setUpApp(this.#github, this.#repository, {
      apps: this.#started.service.apps,
      base: this.#started.base,
    })
    done(this.#stage, `App ${app.slug}: made from its manifest, as the page /setup does; ${OWNER} owns it`)
    done(this.#stage, `Installed on ${name}, which is allowed by itself, as its owner owns the App`)
  }

  /** Somebody who may write: it is built at once. */
  async #openOfMember() {
    heading(this.#stage, `${MEMBER}, who may write to ${fullName(this.#repository)}, opens a pull request`)
    const files = await changedProgram('greets with the time')
    const wanted = { author: MEMBER, title: 'Greet with the time', branch: 'greeting', files }
    const { pull, deliveryId } = await openPull(this.#github, this.#started, this.#stage, {
      repository: this.#repository,
      ...wanted,
    })
    const build = decidePull(this.#started, deliveryId, this.#stage).then((eventId) =>
      showRuns(this.#started, eventId, this.#stage),
    )
    const [runs] = await Promise.all([build, this.#checks.follow(pull)])
    return { pull, runs }
  }

  async #askForHelp(pull: PullRequest): Promise<void> {
    heading(this.#stage, `${MEMBER} comments: /packit help`)
    await this.#github.comment(pull, MEMBER, '/packit help')
    const answer = await until('an answer to /packit help', () => this.#github.comments(pull).at(1))
    done(this.#stage, `${answer.author} answers:`)
    this.#quote(answer.body)
  }

  /** Somebody else: nothing of it runs before somebody who may write has looked at it. */
  async #openOfOutsider() {
    heading(this.#stage, `${OUTSIDER}, who may not write, opens a pull request from a fork`)
    const files = await changedProgram('greets the moon')
    const wanted = { author: OUTSIDER, title: 'Greet the moon', branch: 'moon', fromFork: true, files }
    const { pull, deliveryId } = await openPull(this.#github, this.#started, this.#stage, {
      repository: this.#repository,
      ...wanted,
    })
    const { db } = this.#started.service.database
    const [eventId] = await Promise.all([
      decidePull(this.#started, deliveryId, this.#stage),
      this.#checks.follow(pull, async (shown) => {
        if (!shown.some(isWaiting)) return false
        const [first] = shown
        return (await listChecks(db, Number(first?.externalId))).every(({ shownAt }) => shownAt !== null)
      }),
    ])

    heading(this.#stage, `${MEMBER} has read the change, and comments: /packit approve`)
    const comment = await this.#github.comment(pull, MEMBER, '/packit approve')
    await until('a reaction to /packit approve', () => this.#github.reactions(comment).includes('eyes'))
    done(this.#stage, 'Command accepted: 👀 at the comment')
    const shown = this.#checks.follow(pull)
    await until('the approved build', async () =>
      (await listPipelinesOfEvent(db, eventId)).some((one) => one.srpmBuildId !== null),
    )
    const [runs] = await Promise.all([showRuns(this.#started, eventId, this.#stage), shown])
    return { pull, runs }
  }

  /** What to look at, and how to get in. */
  async #closing(...told: { pull: PullRequest; runs: readonly Run[] }[]): Promise<string[]> {
    const { output } = this.#stage
    const { service, url, base } = this.#started
    const name = (text: string) => paint(output, 'bold', text.padEnd(12))
    const link = await makeSignInLink(base, { database: service.database, now: service.events.now })
    const pages = told.map(({ pull }) => `${this.#github.url}/${fullName(pull.repository)}/pull/${pull.number}`)
    return [
      ...resultLines(this.#started, told[0]?.runs ?? [], output),
      '',
      'Here runs no clean root of Fedora or EPEL: what this machine has built is no stand-in',
      'for the targets that are wanted, so the check `packit` ends as neutral, not as green.',
      '',
      `${name('GitHub')}${pages[0]}  (by ${MEMBER}; comment, push, re-run there)`,
      `${name('')}${pages[1]}  (by ${OUTSIDER}, from a fork)`,
      `${name('Dashboard')}${url}/`,
      `${name('Sign in')}${link}`,
      `${name('')}as the operator; the link is good once. Or as ${MEMBER}: "Sign in" in the dashboard`,
    ]
  }

  #quote(text: string): void {
    const { printer, output } = this.#stage
    const lines = text.split('\n').filter((line) => line.trim() !== '')
    const room = output.isTerminal ? output.columns - 5 : undefined
    for (const line of lines.slice(0, SHOWN_LINES))
      printer.print(paint(output, 'grey', `  │ ${terminalText(line).slice(0, room)}`))
    if (lines.length > SHOWN_LINES) printer.print(paint(output, 'grey', '  │ … and more, on the page'))
  }
}
