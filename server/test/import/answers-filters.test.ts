// The filters of every list find what an import brought: by project and its duplicates, what set it off, state, target, time.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { at, describeImport } from './golden.ts'
import { MORE_JOBS } from './more-rows.ts'

const HELLO = 'project=github.com/acme/hello'
const PACKAGE = 'project=src.fedoraproject.org/rpms/hello'

/** Ids that a list gives, by its query. */
const FOUND: Record<string, Record<string, number[]>> = {
  runs: {
    // 13 and 26 are of the project's duplicate, 2 and 9 parts of run 1
    [HELLO]: [29, 26, 24, 14, 13, 11, 3, 1],
    [`${HELLO}&pr=41`]: [29, 3, 1],
    [`${HELLO}&pr=7`]: [26, 13],
    'pr=7': [26, 13],
    'project=gitlab.com/group/sub/tool': [4],
    'forge=gitlab.com': [4],
    'namespace=rpms': [23, 10, 6, 5],
    'q=rpms': [23, 10, 6, 5],
    // pushes, and Koji tags of that branch
    [`${PACKAGE}&branch=f43`]: [23, 10, 6, 5],
    'branch=f43': [23, 10, 6, 5],
    'release=1.0': [24, 11],
    'commit=a1b2': [29, 3, 1],
    'commit=dead': [27, 12],
    'package=hello': [1],
    // a target of its second pipeline
    'target=epel-10-x86_64': [1],
    'target=fedora-42-x86_64': [3, 1],
    [`since=${at(1700)}`]: [29, 28],
    [`until=${at(60)}`]: [13, 12, 8],
    'status=pending': [28, 26, 4],
    'status=success': [23, 12, 10, 5],
    'status=failure': [29, 3],
    'status=error': [11, 7],
    'status=skipped': [27, 25, 13, 8, 6],
    'status=running': [24, 22, 14, 1],
    [`${HELLO}&status=failure`]: [29, 3],
  },
  'srpm-builds': {
    [`${HELLO}&pr=41`]: [2, 1],
    'release=1.0': [5],
    'status=failure': [2],
    'status=pending': [4],
    [`since=${at(300)}`]: [5, 4],
  },
  'copr-builds': {
    [HELLO]: [18, 11],
    [`${HELLO}&pr=41`]: [11],
    'target=epel-10-x86_64': [11],
    'status=canceled': [11],
    'status=retry': [21],
    'release=1.0': [18],
    [`since=${at(111)}`]: [18, 11],
  },
  'koji-builds': {
    [PACKAGE]: [35, 31],
    [`${HELLO}&pr=41`]: [33],
    'branch=f43': [35, 31],
    'status=error': [32],
    'target=rawhide': [34, 33],
    'target=f43&status=success': [35, 31],
    'scratch=true&status=failure': [33],
    'package=hello-libs': [],
    [`since=${at(1100)}`]: [35, 34],
    [`until=${at(501)}`]: [32, 31],
  },
  'koji-tag-requests': { [PACKAGE]: [41], 'branch=f43': [41], 'target=f43': [41], [`since=${at(1000)}`]: [43] },
  'bodhi-updates': {
    [PACKAGE]: [64, 61],
    [`${PACKAGE}&branch=f43`]: [64, 61],
    'status=error': [62],
    'target=f42': [62],
    [`since=${at(1200)}`]: [64],
  },
  'testing-farm/results': {
    [HELLO]: [56, 52, 51],
    [`${HELLO}&pr=41`]: [52, 51],
    [`${HELLO}&pr=7`]: [56],
    'commit=d00d': [56],
    'status=cancel-requested': [52],
    'target=fedora-30-x86_64': [53],
    'package=hello-libs': [52],
    [`since=${at(700)}`]: [56, 55, 52],
  },
  'propose-downstream': {
    [HELLO]: [3, 2],
    'release=1.0': [3],
    'status=error': [5],
    'target=rawhide': [2],
    [`since=${at(1300)}`]: [3],
  },
  'pull-from-upstream': { 'status=finished': [4, 1], 'target=f42': [1], [`since=${at(1000)}`]: [4], [HELLO]: [] },
  'openscanhub-scans': {
    [`${HELLO}&pr=41`]: [94, 91],
    'status=succeeded': [91],
    [`since=${at(1000)}`]: [94, 93],
  },
  'log-detective': {
    [`${HELLO}&pr=41`]: [101],
    'status=error': [102],
    'target=fedora-42-x86_64': [101],
    'commit=dead': [103],
    [`since=${at(1100)}`]: [104, 103],
  },
}

interface Entry {
  packit_id?: number
  merged_run_id?: number
  srpm_build_id?: number
}

describeImport('filters', { rows: MORE_JOBS }, (world) => {
  for (const [list, queries] of Object.entries(FOUND)) {
    test(`filters of ${list} find what was imported`, async () => {
      const found: Record<string, unknown> = {}
      for (const query of Object.keys(queries)) {
        const answer = await world().api.get(`/api/${list}?per_page=50&${query}`)
        assert.equal(answer.statusCode, 206, answer.body)
        found[query] = answer
          .json<Entry[]>()
          .map(({ packit_id, merged_run_id, srpm_build_id }) => packit_id ?? merged_run_id ?? srpm_build_id)
      }
      assert.deepEqual(found, queries)
    })
  }
})
