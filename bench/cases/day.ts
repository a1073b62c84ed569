import { type DayResult, liveDay } from '../day/day.ts'
import { SHARES } from '../day/schedule.ts'
import { type Case, type Figure, openFolder, Samples } from '../measure.ts'

const USUAL = 1000
const QUICK = 50
/** So long each pull request of the day takes of ours: the day is as short as the cores allow. */
const PER_RUN_MS = { usual: 500, quick: 3000 }
const KILL_MS = 60_000
const SHOWN_PROBLEMS = 20
const MB = 2 ** 20
const percent = (share: number) => `${Math.round(share * 100)} %`

/** Everything at once, and everything going wrong. */
export const dayCase: Case = {
  name: 'day',
  title: "A simulated day of Fedora's CI",
  isExtra: true,
  method: `One web process, two workers, PostgreSQL, and fakes of GitHub, Copr, Testing Farm and Fedora Messaging in a process of their
own live through a day whose whole size is 5,000 pull requests of 40 projects, each built for 5 targets and tested on 2; the table
says how many these were (\`--factor 5\` takes all of them). They come as on a working day, a part in bursts. Builds take 6 minutes in the
middle and up to hours, tests 5; the day is compressed, and what the service itself waits for (heartbeats, polls, repeats) is not.
${percent(SHARES.buildFails)} of the builds fail and ${percent(SHARES.testFails)} of the tests; of each, 1 % stick until a limit of time ends them, and 1 % of the tests break once. Of all
requests to Copr and Testing Farm 1 % each get a 502, time out, are cut before anything was done, and are cut after it; of those to
GitHub 1 % a 502. Of deliveries, messages of the bus and notices of tests 1 % are lost and 1 % come twice, all late by up to five
minutes of the day and so in another order. A worker is killed (SIGKILL) every minute of the clock and replaced; PostgreSQL is
restarted twice. Real are: web, webhooks, queue, planning by git, the builder and tester clients over HTTP, the listener, reports. Not
real: SRPMs and RPMs, which nobody makes here, and the fetch of a commit, which is read where the fake GitHub keeps it; deliveries
that got lost are looked for every minute instead of every 5; GitHub's limits, which are those of an hour, are off.
The benchmark fails unless at the end every run has ended, each in the state that the fakes hold (by target, by test, by check on
GitHub), there is one build in Copr for each pull request and one request for each test that did not break, nothing is left in the
queue, no process ended by itself, and memory and tables are within bounds.`,
  async run(say, { quick, factor }) {
    await using folder = await openFolder()
    const runs = quick ? QUICK : Math.round(USUAL * factor)
    const lengthMs = runs * (quick ? PER_RUN_MS.quick : PER_RUN_MS.usual)
    const result = await liveDay({ dir: folder.dir, runs, lengthMs, killMs: KILL_MS, say })
    if (result.problems.length > 0) throw new Error(describeProblems(result))
    for (const [words, times] of result.errors) say(`logged ${times} times: ${words}`)
    return figuresOf(result, lengthMs)
  },
}

function describeProblems({ problems, errors }: DayResult): string {
  const more = problems.length > SHOWN_PROBLEMS ? [`… and ${problems.length - SHOWN_PROBLEMS} more`] : []
  const said = [...errors].toSorted((a, b) => b[1] - a[1]).slice(0, SHOWN_PROBLEMS)
  const logged = said.map(([words, times]) => `  logged ${times} times: ${words}`)
  return [`the day did not end as it must:`, ...problems.slice(0, SHOWN_PROBLEMS), ...more, ...logged].join('\n')
}

function figuresOf(result: DayResult, lengthMs: number): Figure[] {
  const { counts, samples, outcomes } = result
  const figures = new Samples()
  const most = (values: readonly number[]) => values.reduce((a, b) => Math.max(a, b), 0)
  const sum = (values: Iterable<number>) => [...values].reduce((a, b) => a + b, 0)
  const last = samples.at(-1)?.sizes
  figures.add('pull requests', '', result.runs)
  figures.add('builds in Copr, of 5 targets each', '', counts.builds)
  figures.add('requests to Testing Farm', '', counts.requests)
  figures.add('a minute of the day took', 'ms', lengthMs / (24 * 60))
  figures.add('from the last pull request to the end of all', 'ms', result.drainedMs)
  for (const wait of result.waits) figures.add('from event to the end of its run', 'ms', wait)
  figures.add('longest a job that was due has waited', 'ms', most(samples.map(({ sizes }) => sizes.oldestMs)))
  figures.add('workers killed', '', result.killed)
  figures.add('restarts of PostgreSQL', '', result.restarts)
  figures.add('requests that met a fault', '', sum(Object.values(counts.gateways).map(faultsOf)))
  figures.add('deliveries, messages and notices lost', '', sum(Object.values(counts.messages).map(({ lost }) => lost)))
  figures.add('the same, come twice', '', sum(Object.values(counts.messages).map(({ doubled }) => doubled)))
  figures.add('jobs done', '', outcomes.get('done') ?? 0)
  figures.add('jobs tried again', '', outcomes.get('again') ?? 0)
  figures.add('jobs given up', '', outcomes.get('given up') ?? 0)
  figures.add('memory of web at most, MB', '', most(samples.map(({ webBytes }) => webBytes)) / MB)
  figures.add('memory of a worker at most, MB', '', most(samples.flatMap(({ workerBytes }) => workerBytes)) / MB)
  figures.add('jobs in the queue at most, done ones included', '', most(samples.map(({ sizes }) => sizes.queueRows)))
  figures.add('tables of the queue at the end, MB', '', (last?.queueBytes ?? 0) / MB)
  figures.add('our own tables at the end, MB', '', (last?.ownBytes ?? 0) / MB)
  figures.add('dead rows at most', '', most(samples.map(({ sizes }) => sizes.deadRows)))
  figures.add('live rows at the end', '', last?.liveRows ?? 0)
  return figures.figures
}

function faultsOf(counts: DayResult['counts']['gateways'][string]): number {
  return Object.entries(counts).reduce((all, [kind, count]) => (kind === 'passed' ? all : all + count), 0)
}
