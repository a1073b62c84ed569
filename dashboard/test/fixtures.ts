import type { Cause, Check, Run, State, Step } from '../src/api/types.ts'

/** A moment all samples are relative to, in epoch seconds: pictures would differ from day to day otherwise. */
export const NOW = 1_795_480_000

export const SHA = 'a1b2c3d4e5f60718293a4b5c6d7e8f9001122334'

/** A run with nothing in it; `over` says what is special about it. */
export function makeRun(id: number, over: Partial<Run> = {}): Run {
  const pr = over.trigger?.pr_id ?? 40 + id
  return {
    merged_run_id: id,
    time_submitted: NOW - 600,
    trigger: triggerOf('acme', 'hello', pr),
    srpm: null,
    copr: [],
    koji: [],
    test_run: [],
    bodhi_update: [],
    propose_downstream: [],
    pull_from_upstream: [],
    vm_image_build: [],
    state: 'success',
    reason: null,
    package: 'hello',
    title: 'Greet the whole world, not only its northern half',
    author: 'ada',
    commit: { sha: SHA, url: `https://github.com/acme/hello/commit/${SHA}`, title: 'Greet politely' },
    created_at: NOW - 600,
    ended_at: NOW - 540,
    event_id: 1000 + id,
    attempt: 1,
    cause_of_run: 'delivery',
    forge: 'github.com',
    base: { ref: 'main', sha: 'ffeeddccbbaa00998877665544332211ffeeddcc' },
    head: { ref: 'greet-politely', repository_url: 'https://github.com/ada/hello' },
    trigger_url: `https://github.com/acme/hello/pull/${pr}`,
    superseded_by: null,
    decision: DECISION,
    steps: [],
    causes: [],
    checks: [],
    install: [],
    install_note: null,
    repository: null,
    expired_at: null,
    queue: null,
    siblings: [],
    ...over,
  }
}

/** A check that the forge shows as it is. */
export function makeCheck(name: string, state: State, title: string, over: Partial<Check> = {}): Check {
  return {
    name,
    state,
    title,
    summary: '',
    link: null,
    attempt: 1,
    shown_at: NOW - 20,
    shown_state: state,
    is_shown: true,
    forge_id: '4711',
    is_status: false,
    waits_until: null,
    waits_for: null,
    ...over,
  }
}

export function triggerOf(namespace: string, name: string, pr: number | null): NonNullable<Run['trigger']> {
  return {
    repo_namespace: namespace,
    repo_name: name,
    project_url: `https://github.com/${namespace}/${name}`,
    pr_id: pr,
    issue_id: null,
    branch_name: null,
    release: null,
    anitya_version: null,
    non_git_upstream: false,
  }
}

const DECISION: Run['decision'] = {
  summary: '1 of 3 jobs was chosen to run.',
  config_path: '.packit.yaml',
  warnings: [],
  jobs: [
    {
      package: 'hello',
      job: 'copr_build',
      trigger: 'pull_request',
      identifier: null,
      targets: ['fedora-rawhide-x86_64', 'fedora-43-x86_64', 'epel-10-x86_64'],
      wanted: true,
      reason: 'It is for pull requests into any branch.',
    },
    {
      package: 'hello',
      job: 'tests',
      trigger: 'pull_request',
      identifier: 'full',
      targets: [],
      wanted: false,
      reason: 'It starts only on demand: comment “/packit test --identifier full”.',
    },
    {
      package: 'hello',
      job: 'propose_downstream',
      trigger: 'release',
      identifier: null,
      targets: [],
      wanted: false,
      reason: 'It is for releases, and this is a pull request.',
    },
  ],
}

/** A step; times are seconds after the run began, null for what hasn't come. */
export function makeStep(kind: Step['kind'], id: number | null, state: State, over: Partial<Step> = {}): Step {
  const target = over.target ?? null
  const path = kind === 'srpm' ? 'srpm' : 'copr'
  const hasLog = id !== null && (kind === 'srpm' || kind === 'build') && state !== 'pending'
  return {
    kind,
    id,
    name: target ?? (kind === 'srpm' ? 'SRPM' : 'Repository'),
    target,
    state,
    reason: null,
    cancel_reason: null,
    queued_at: NOW - 600,
    started_at: state === 'pending' ? null : NOW - 598,
    ended_at: state === 'pending' || state === 'running' ? null : NOW - 590,
    log: hasLog ? `/api/${path}-builds/${id}/log` : null,
    log_size: hasLog ? 1000 : null,
    page: id === null ? null : `/jobs/${path}/${id}`,
    packages: [],
    files: [],
    tests: null,
    queue: null,
    ...over,
  }
}

const TARGETS = ['fedora-rawhide-x86_64', 'fedora-43-x86_64', 'epel-10-x86_64']

function passedBuild(index: number): Step {
  const target = TARGETS[index] ?? 'fedora-rawhide-x86_64'
  return makeStep('build', 21 + index, 'success', {
    target,
    queued_at: NOW - 589,
    started_at: NOW - 588 + index * 6,
    ended_at: NOW - 566 + index * 11,
    packages: [
      {
        name: 'hello',
        epoch: 0,
        version: '2.12.1',
        release: `1.20261120.pr41.3.gab12.fc4${index + 2}`,
        arch: 'x86_64',
      },
    ],
  })
}

export const CHECK_CAUSE: Cause = {
  step: 'build',
  id: 31,
  target: 'fedora-rawhide-x86_64',
  kind: 'check',
  section: '%check',
  summary: '2 of 41 tests failed: greet_politely, greet_in_rain.',
  line: 214,
  lines: [
    { number: 212, text: 'not ok 17 - greet_politely' },
    { number: 213, text: "#   expected: 'Good morning, world'" },
    { number: 214, text: "#   got:      'Good morning, northern half of the world, and everybody who is visiting it'" },
    { number: 215, text: 'not ok 18 - greet_in_rain' },
    { number: 216, text: 'make: *** [Makefile:48: check] Error 1' },
    { number: 217, text: 'error: Bad exit status from /var/tmp/rpm-tmp.kZ3Qp1 (%check)' },
  ],
  page: '/jobs/copr/31',
}

/** Everything built: repository, packages, install lines. */
export const PASSED = makeRun(41, {
  trigger: triggerOf('acme', 'hello', 41),
  steps: [
    makeStep('srpm', 11, 'success', { started_at: NOW - 599, ended_at: NOW - 590 }),
    passedBuild(0),
    passedBuild(1),
    passedBuild(2),
    makeStep('repository', 1, 'success', {
      log: null,
      page: null,
      queued_at: NOW - 544,
      started_at: NOW - 544,
      ended_at: NOW - 540,
    }),
  ],
  checks: [
    makeCheck('packit', 'success', 'All 3 targets built'),
    ...TARGETS.map((t) => makeCheck(`rpm-build:${t}`, 'success', 'RPM built')),
  ],
  install: [
    'sudo dnf config-manager addrepo --from-repofile=https://packit.example.org/repos/acme-hello-41/acme-hello-41.repo',
    'sudo dnf install hello-2.12.1-1.20261120.pr41.3.gab12.fc42.x86_64',
  ],
  install_note: 'The packages are not signed yet (gpgcheck=0): this installation has no signing key.',
  repository: {
    name: 'acme-hello-41',
    url: 'https://packit.example.org/repos/acme-hello-41/',
    repo_file: 'https://packit.example.org/repos/acme-hello-41/acme-hello-41.repo',
    published_at: NOW - 540,
  },
})

/** The same test failed in two of three chroots. */
export const FAILED = makeRun(42, {
  trigger: triggerOf('acme', 'hello', 42),
  title: 'Greet also in the rain',
  state: 'failure',
  reason: '%check failed in 2 of 3 chroots',
  attempt: 2,
  cause_of_run: 'retry',
  steps: [
    makeStep('srpm', 12, 'success', { started_at: NOW - 599, ended_at: NOW - 590 }),
    makeStep('build', 31, 'failure', {
      target: 'fedora-rawhide-x86_64',
      reason: '%check failed',
      queued_at: NOW - 590,
      started_at: NOW - 586,
      ended_at: NOW - 560,
    }),
    makeStep('build', 32, 'failure', {
      target: 'fedora-43-x86_64',
      reason: '%check failed',
      queued_at: NOW - 590,
      started_at: NOW - 580,
      ended_at: NOW - 552,
    }),
    makeStep('build', 33, 'success', {
      target: 'epel-10-x86_64',
      queued_at: NOW - 590,
      started_at: NOW - 579,
      ended_at: NOW - 550,
    }),
    makeStep('repository', null, 'skipped', {
      queued_at: null,
      started_at: null,
      ended_at: null,
      reason: 'Not every wanted chroot was built',
    }),
  ],
  causes: [CHECK_CAUSE, { ...CHECK_CAUSE, id: 32, target: 'fedora-43-x86_64', page: '/jobs/copr/32' }],
  checks: [
    makeCheck('packit', 'failure', '2 of 3 targets failed'),
    makeCheck('rpm-build:fedora-rawhide-x86_64', 'failure', '%check failed'),
    makeCheck('rpm-build:fedora-43-x86_64', 'failure', '%check failed'),
    makeCheck('rpm-build:epel-10-x86_64', 'success', 'RPM built'),
  ],
  siblings: [{ merged_run_id: 41, package: 'hello-docs', state: 'success' }],
})

/** In the middle of it: SRPM done, one chroot building, one waiting. */
export const RUNNING = makeRun(43, {
  trigger: triggerOf('acme', 'hello', 43),
  title: 'Take the greeting from a file',
  state: 'running',
  created_at: NOW - 34,
  ended_at: null,
  steps: [
    makeStep('srpm', 13, 'success', { queued_at: NOW - 34, started_at: NOW - 33, ended_at: NOW - 25 }),
    makeStep('build', 41, 'running', { target: 'fedora-rawhide-x86_64', queued_at: NOW - 25, started_at: NOW - 20 }),
    makeStep('build', 42, 'pending', { target: 'fedora-43-x86_64', queued_at: NOW - 25 }),
    makeStep('repository', null, 'pending', { queued_at: null }),
  ],
  checks: [makeCheck('packit', 'running', '1 of 2 targets is building')],
})

/** Nothing could be decided: the configuration is wrong. */
export const BAD_CONFIG = makeRun(44, {
  trigger: triggerOf('acme', 'hello', 44),
  title: 'Build for more chroots',
  state: 'failure',
  reason: '.packit.yaml is not valid',
  package: null,
  decision: {
    summary: 'No job runs: the configuration has 1 error.',
    jobs: [],
    warnings: ['“current_version_command” is an old name of “actions”.'],
    config_path: '.packit.yaml',
  },
  causes: [
    {
      step: 'decision',
      id: null,
      target: null,
      kind: 'config',
      section: null,
      summary: '“trigger” must be one of commit, pull_request, release; this is “pullrequest”.',
      line: 5,
      lines: [
        { number: 4, text: '  - job: copr_build' },
        { number: 5, text: '    trigger: pullrequest' },
        { number: 6, text: '    targets: [fedora-all]' },
      ],
      page: null,
    },
  ],
})

const OTHERS: readonly [State, string, string][] = [
  ['error', 'Read the time zone of the host', 'The builder could not be reached; trying again'],
  ['canceled', 'Translate into Esperanto', 'replaced by a newer commit'],
  ['skipped', 'Correct a typing error in README', 'only documentation changed'],
  ['pending', 'Add a manual page', 'queued'],
]

/** One of each remaining state, and enough others for a second page. Newest first, as the API lists them. */
export function sampleRuns(): Run[] {
  const others = OTHERS.map(([state, title, reason], index) =>
    makeRun(37 + index, {
      state,
      title,
      reason,
      created_at: NOW - 4000 * (index + 1),
      ended_at: state === 'pending' ? null : NOW - 4000 * (index + 1) + 50,
    }),
  )
  const old = Array.from({ length: 36 }, (_, i) =>
    makeRun(i + 1, {
      title: `Change number ${i + 1}`,
      created_at: NOW - 86_400 * (37 - i),
      ended_at: NOW - 86_400 * (37 - i) + 75,
    }),
  )
  return [...old, ...others, PASSED, FAILED, RUNNING, BAD_CONFIG].reverse()
}
