// Answers of the existing service, written by hand from the description of its API, held against ours after an import.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type DatabaseKind, databaseKinds } from '../database.ts'
import { START } from './source-rows.ts'
import { createImport, type ImportWorld } from './world.ts'

/** A second of the source's clock. */
export const at = (second: number) => START + second

type Json = Record<string, unknown>

const GIT = { anitya_project_id: null, anitya_project_name: null, anitya_package: null, non_git_upstream: false }
export const NOTHING = { pr_id: null, issue_id: null, branch_name: null, release: null, anitya_version: null }
const HELLO_PROJECT = { repo_namespace: 'acme', repo_name: 'hello', project_url: 'https://github.com/acme/hello' }
export const HELLO = { ...HELLO_PROJECT, ...GIT }
export const PULL_41 = { ...HELLO, ...NOTHING, pr_id: 41 }
/** Of the second row of that project, which has an address of its own. */
export const PULL_7 = { ...PULL_41, project_url: 'http://github.com/acme/hello', pr_id: 7 }
export const F43 = {
  ...{ repo_namespace: 'rpms', repo_name: 'hello', project_url: 'https://src.fedoraproject.org/rpms/hello' },
  ...GIT,
  ...NOTHING,
  branch_name: 'f43',
}
export const TOOL = {
  ...{ repo_namespace: 'group/sub', repo_name: 'tool', project_url: 'https://gitlab.com/group/sub/tool' },
  ...GIT,
  ...NOTHING,
  pr_id: 1,
}
export const ANITYA = {
  ...{ repo_namespace: null, repo_name: null, project_url: 'https://release-monitoring.org/project/4321' },
  ...{ anitya_project_id: 4321, anitya_project_name: 'hello', anitya_package: 'hello-pkg', non_git_upstream: true },
  ...NOTHING,
  anitya_version: '2.1',
}

/** Keys that an answer must not have. */
const without = <Key extends string>(...keys: Key[]) =>
  Object.fromEntries(keys.map((key) => [key, undefined])) as Record<Key, undefined>
/** What lists leave out when there is no project, and what they have for one. */
export const NO_PROJECT = without('repo_namespace', 'repo_name', 'project_url')
export const projectOf = ({
  repo_namespace,
  repo_name,
  project_url,
}: Pick<typeof ANITYA | typeof F43, keyof typeof NO_PROJECT>) => ({
  ...{ repo_namespace, repo_name, project_url },
})
/** What details leave out. */
export const NO_TRIGGER = without(...(Object.keys(PULL_41) as (keyof typeof PULL_41)[]))

/** Objects whose keys are data: all of them are compared. */
const isDictionary = (key: string) =>
  /_per_|^(top_projects|instances|build_logs_urls|onboarded|almost_onboarded)/.test(key)

/** Of an answer only the keys that the expected one has, down to its members: what it has besides is our own. */
function like(actual: unknown, expected: unknown): unknown {
  if (Array.isArray(expected) && Array.isArray(actual)) return actual.map((item, n) => like(item, expected[n]))
  if (!isObject(expected) || !isObject(actual)) return actual
  return Object.fromEntries(
    Object.keys(expected).map((key) => [key, isDictionary(key) ? actual[key] : like(actual[key], expected[key])]),
  )
}

const isObject = (value: unknown): value is Json => value !== null && typeof value === 'object' && !Array.isArray(value)

/** What an address answered is what the existing service answered. */
export function assertLike(actual: unknown, expected: unknown): void {
  assert.deepEqual(like(actual, expected), expected)
}

/** One test for each address. */
export function testAnswers(world: () => ImportWorld, answers: Record<string, unknown>): void {
  for (const [address, expected] of Object.entries(answers)) {
    test(`${address} answers what the existing service answered`, async () => {
      const answer = await world().api.get(address)
      assert.ok([200, 206].includes(answer.statusCode), answer.body)
      assertLike(answer.json(), expected)
    })
  }
}

interface Preparation {
  /** Statements that add rows to the source. */
  rows?: readonly string[]
  /** The clock of the service. */
  now?: () => Date
  /** Called after the import. */
  afterwards?: (world: ImportWorld) => Promise<void>
  kinds?: readonly DatabaseKind[]
}

/**
 * On which databases the same answers are asked for once more. An import into the embedded one takes long: there CI does all of
 * it, other machines what `answers.test.ts` asks.
 */
export const furtherKinds: readonly DatabaseKind[] = process.env.CI ? databaseKinds : databaseKinds.slice(-1)

/** Tests on one imported database, for each kind of it. */
export function describeImport(
  what: string,
  { rows = [], now, afterwards, kinds = furtherKinds }: Preparation,
  tests: (world: () => ImportWorld) => void,
): void {
  for (const kind of kinds) {
    describe(`${what} after an import (${kind})`.trim(), () => {
      let world: ImportWorld
      before(async () => {
        world = await createFilled(kind, now, rows)
        await world.run()
        await afterwards?.(world)
      })
      after(() => world[Symbol.asyncDispose]())
      tests(() => world)
    })
  }
}

async function createFilled(kind: DatabaseKind, now: Preparation['now'], rows: readonly string[]) {
  const world = await createImport(kind, now)
  if (rows.length > 0) await world.source.exec(['set session_replication_role = replica', ...rows].join(';\n'))
  return world
}
