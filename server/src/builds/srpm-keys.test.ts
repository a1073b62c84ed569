import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Run } from '../db/runs.ts'
import { srpmFolder } from './srpm-keys.ts'

const named = (repositoryName: string) => srpmFolder({ pipelines: [{ repositoryName }] } as Run, 7)

test('the folder of an SRPM is that of its run alone, whatever a configuration calls its project', () => {
  assert.equal(named('acme-hello-1'), 'repos/acme-hello-1/runs/7/srpm')
  for (const name of ['../other', 'other/runs/5', 'a b', '..', ''])
    assert.equal(named(name), 'repos/srpm/runs/7/srpm', name)
})
