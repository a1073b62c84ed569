import assert from 'node:assert/strict'
import { readPackageConfig } from '../../domain/package-config/read.ts'
import type { PackageConfig } from '../../domain/package-config/types.ts'
import type { Plan } from '../../domain/plan.ts'
import { builtInTargets } from '../../targets/table.ts'
import { decidePlan, type PlanContext } from '../decide-plan.ts'

/** Pull request 1 of a project, on an installation without a test runner. */
export const context: PlanContext = {
  on: 'pull_request',
  project: { forge: 'localhost', namespace: 'acme', name: 'hello', webUrl: '', cloneUrl: '', isPrivate: false },
  label: '1',
  branch: 'main',
  isDefaultBranch: false,
  labels: [],
  instance: 'prod',
  maxTargets: 50,
  targets: builtInTargets,
  runsTests: false,
}

/** Reads a whole configuration; `jobs` alone is that of one package. */
export function readAll(text: string): PackageConfig {
  const whole = text.includes('jobs:') ? text : `jobs:\n${text}`
  const head = whole.includes('packages:') ? '' : 'specfile_path: hello.spec\n'
  const read = readPackageConfig(head + whole, {
    repoName: 'hello',
    configPath: '.packit.yaml',
    specFiles: ['hello.spec'],
  })
  return read.ok ? read.config : assert.fail(JSON.stringify(read.errors[0]))
}

export const decide = (text: string, set: Partial<PlanContext> = {}): Plan =>
  decidePlan(readAll(text), '.packit.yaml', { ...context, ...set })
export const reasons = ({ jobs }: Plan) =>
  jobs.map(({ job, wanted, reason }) => `${job}: ${wanted ? 'yes' : 'no'}, ${reason}`)
export const checksOf = (plan: Plan) =>
  [...plan.builds, ...plan.tests].flatMap(({ checks, targets }) => targets.map((target) => checks[target]))

export const BUILD = '- {job: copr_build, trigger: pull_request, targets: [fedora-45, epel-9]}\n'
export const TESTS = '- {job: tests, trigger: pull_request, targets: [fedora-45, epel-9]}\n'

/** Three packages of one repository, the last of which is all of it. */
export const MONOREPO = `packages:
  server: {specfile_path: server.spec, paths: [./server/, common]}
  client: {specfile_path: ../client.spec, paths: [client]}
  all: {specfile_path: all.spec}
jobs:
- {job: copr_build, trigger: pull_request | commit | release, targets: [epel-9]}
`
