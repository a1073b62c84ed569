import type { CoprBuild } from './answers.ts'
import type { CoprClient, ProjectName } from './client.ts'

/** Of an upload the whole name of the file, of a script of ours its second line. */
export type Mark = { file: string } | { scriptLine: string }

export interface Planted extends ProjectName {
  /** What the submission hands in and Copr tells again: a file's name, or a line of a script. No other submission has it. */
  mark: Mark
  chroots: readonly string[]
  /** What was handed in before is another build. */
  since: Date
}

const PAGE = 50
const MOST_PAGES = 20
/** Clocks of two machines differ. */
const SKEW_MS = 10 * 60_000

/**
 * The file that a submission of ours hands in; Copr takes no id, and the name of the file is told again by it. It drops what is none
 * of these characters (`~`, `^`, `+`): such a name would not be known again.
 */
export function plantName(nvr: string, id: number): string {
  return `${nvr.replace(/[^A-Za-z0-9_.-]/g, '_')}.packit-${id}.src.rpm`
}

/** The build that an earlier submission started, though its answer may have been lost; `undefined` when there is none. */
export async function findStarted(client: CoprClient, planted: Planted): Promise<CoprBuild | undefined> {
  const from = planted.since.getTime() - SKEW_MS
  for (let page = 0; page < MOST_PAGES; page++) {
    const builds = await client.listBuilds(planted, PAGE, page * PAGE)
    for (const build of builds) {
      if (isCandidate(build, planted, from) && (await hasMark(client, build, planted.mark))) return build
    }
    const last = builds.at(-1)
    if (builds.length < PAGE || !last || (last.submittedAt?.getTime() ?? 0) < from) return undefined
  }
  return undefined
}

function isCandidate(build: CoprBuild, { chroots }: Planted, from: number): boolean {
  if ((build.submittedAt?.getTime() ?? 0) < from) return false
  return build.chroots.length === chroots.length && chroots.every((chroot) => build.chroots.includes(chroot))
}

/**
 * Whether a build is the one that was meant. Only places are looked at that are ours alone: packages to install and the like are named
 * by configurations, which could name the mark of somebody else's build.
 */
async function hasMark(client: CoprClient, { id }: CoprBuild, mark: Mark): Promise<boolean> {
  const found = await client.findSource(id)
  if (!found) return false
  return 'file' in mark ? found.file === mark.file : found.script?.split('\n')[1] === mark.scriptLine
}
