import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cpuMs } from '../../test/cpu-time.ts'
import { readPackageConfig } from '../domain/package-config/read.ts'
import type { PackageConfig } from '../domain/package-config/types.ts'
import { builtInTargets } from '../targets/table.ts'
import { decidePlan, type PlanContext } from './decide-plan.ts'

const context: PlanContext = {
  on: 'pull_request',
  project: { forge: 'localhost', namespace: 'acme', name: 'hello', webUrl: '', cloneUrl: '', isPrivate: false },
  label: '1',
  branch: 'main',
  isDefaultBranch: false,
  labels: [],
  instance: 'prod',
  maxTargets: 50,
  targets: builtInTargets,
}

function read(jobs: string[]): PackageConfig {
  const text = `specfile_path: hello.spec\njobs:\n${jobs.map((job) => `- {job: copr_build, trigger: pull_request, targets: [fedora-stable], ${job}}\n`).join('')}`
  const found = readPackageConfig(text, { repoName: 'hello', configPath: '.packit.yaml', specFiles: ['hello.spec'] })
  return found.ok ? found.config : assert.fail(JSON.stringify(found.errors[0]))
}

test('thousands of patterns, each a little slower than is good, are given up together', () => {
  const config = read(Array.from({ length: 1000 }, () => 'branch: "(?:.?){15}(?:.?){15}!"'))
  const ms = cpuMs(() => assert.throws(() => decidePlan(config, '.packit.yaml', context), / ms to match/))
  assert.ok(ms < 3000, `${ms} ms`)
})

test('a template of a check name knows its own words alone', () => {
  const plan = decidePlan(read(['status_name_template: "{constructor}:{chroot}"']), '.packit.yaml', context)
  assert.ok(Object.values(plan.builds[0]?.checks ?? {}).every((name) => name.startsWith('rpm-build:fedora-')))
})
