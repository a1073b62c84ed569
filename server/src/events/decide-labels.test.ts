import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readPackageConfig } from '../domain/package-config/read.ts'
import { builtInTargets } from '../targets/table.ts'
import { labelsMatter } from './decide-labels.ts'
import { decidePlan } from './decide-plan.ts'

const context = {
  on: 'pull_request' as const,
  project: {
    forge: 'github.com',
    namespace: 'acme',
    name: 'hello',
    webUrl: 'https://github.com/acme/hello',
    cloneUrl: 'https://github.com/acme/hello.git',
    isPrivate: false,
  },
  label: '1',
  branch: 'main',
  isDefaultBranch: false,
  instance: 'prod',
  maxTargets: 50,
  runsTests: false,
  targets: builtInTargets,
}

function planOf(text: string) {
  const read = readPackageConfig(text, { repoName: 'hello', configPath: '.packit.yaml', specFiles: ['hello.spec'] })
  assert.ok(read.ok)
  return decidePlan(read.config, '.packit.yaml', { ...context, labels: [] })
}

const job = (more: string) =>
  `specfile_path: hello.spec\njobs:\n- {job: copr_build, trigger: pull_request, targets: [fedora-43], ${more}}\n`

test('a label matters where a job needs it or is kept back by it', () => {
  const needs = planOf(job('require: {label: {present: [yes-please]}}'))
  assert.equal(labelsMatter(needs, context, [], ['yes-please']), true)
  assert.equal(labelsMatter(needs, context, ['yes-please'], []), true)
  assert.equal(labelsMatter(needs, context, [], ['other']), false)
  const refuses = planOf(job('require: {label: {absent: [not-now]}}'))
  assert.equal(labelsMatter(refuses, context, [], ['not-now']), true)
})

test('a label of a job that does not run anyway does not matter', () => {
  const elsewhere = planOf(job('branch: stable, require: {label: {present: [yes-please]}}'))
  assert.equal(labelsMatter(elsewhere, context, [], ['yes-please']), false)
  const byHand = planOf(job('manual_trigger: true, require: {label: {present: [yes-please]}}'))
  assert.equal(labelsMatter(byHand, context, [], ['yes-please']), false)
})

test('without a plan, or with the same labels, nothing matters', () => {
  assert.equal(labelsMatter(null, context, [], ['a']), false)
  assert.equal(labelsMatter(planOf(job('branch: main')), context, ['a', 'b'], ['b', 'a']), false)
})
