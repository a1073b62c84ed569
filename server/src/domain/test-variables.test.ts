import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mergeVariables, type TestFacts, testVariables } from './test-variables.ts'

const FACTS: TestFacts = {
  project: { namespace: 'acme', name: 'hello', url: 'https://github.com/acme/hello' },
  package: { upstream: 'hello', downstream: 'hello', upstreamUrl: null, distGitUrl: null },
  nvr: 'hello-1-1',
  sha: 'abc',
  tag: null,
  pull: null,
  builds: [
    { project: 'packit/acme-hello-1', id: '7', packages: ['hello-0:1-1.x86_64'] },
    { project: 'packit/acme-hello-1', id: '7', packages: ['hello-libs-1-1.x86_64'] },
  ],
  logUrl: null,
  srpmUrl: null,
}

test('tests are told what is known of what they test, and nothing of what is not', () => {
  const variables = testVariables(FACTS)
  assert.equal(variables.PACKIT_FULL_REPO_NAME, 'acme/hello')
  assert.equal(variables.PACKIT_UPSTREAM_URL, 'https://github.com/acme/hello')
  assert.equal(variables.PACKIT_COPR_PROJECT, 'packit/acme-hello-1')
  assert.equal(variables.PACKIT_COPR_RPMS, 'hello-0:1-1.x86_64 hello-libs-1-1.x86_64')
  assert.ok(!Object.keys(variables).some((name) => /TAG|PR_ID|SOURCE|TARGET/.test(name)))
  const pull = { number: 7, sourceBranch: 'fix', targetBranch: 'main', sourceUrl: null, targetSha: 'def' }
  const ofPull = testVariables({ ...FACTS, pull })
  assert.deepEqual([ofPull.PACKIT_PR_ID, ofPull.PACKIT_SOURCE_SHA, ofPull.PACKIT_TARGET_SHA], ['7', 'abc', 'def'])
})

test('a command goes over the configuration, which goes over the service; an empty value takes a variable away', () => {
  assert.deepEqual(mergeVariables({ A: '1', B: '1', C: '1' }, { B: 2, C: '', D: 'x' }, { D: '', E: 'y' }), {
    A: '1',
    B: '2',
    E: 'y',
  })
})
