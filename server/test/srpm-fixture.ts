import { execFile, spawn } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { makeSrpm } from '../src/builders/local/inside/make-srpm/make-srpm.ts'
import type { Host } from '../src/builders/local/inside/make-srpm/workshop.ts'
import type { MakeSrpmInput, MakeSrpmResult } from '../src/domain/srpm/step.ts'
import type { SrpmInput } from '../src/domain/srpm-input.ts'

const exec = promisify(execFile)

/** A commit of a made-up history. */
export interface FixtureCommit {
  message: string
  /** Path → content of what it changes; null deletes. */
  files: Record<string, string | Uint8Array | null>
  branch?: string
  /** Name of the commit it follows; the last one of the list by default. */
  after?: string
  tags?: string[]
}

export const SPEC = `Name:           hello
Version:        0.1.0
Release:        1%{?dist}
Summary:        Nice tool
License:        MIT
URL:            https://example.org/hello
Source0:        hello-%{version}.tar.gz
BuildArch:      noarch
BuildRequires:  gcc >= 4

%description
%{summary}

%prep
%autosetup -n %{name}-%{version}

%build

%install

%files

%changelog
* Thu May 02 2019 A B <a@example.org> - 0.1.0-1
- initial upstream release: 0.1.0
`

/** A repository and what is made of it, in a temporary folder that goes with it. */
export interface Fixture extends AsyncDisposable {
  folder: string
  mirror: string
  /** Commit hashes by the commit's message. */
  commits: Record<string, string>
}

/**
 * The settled input of a pull request of the fixture: its commit `change`, merged into another one.
 *
 * @param options  of the package, beside those that an SRPM can't be without; all others have their defaults
 */
export function pullRequestOf(
  { mirror, commits }: Fixture,
  { base, options = {} }: { base: string; options?: Record<string, unknown> },
): SrpmInput {
  return {
    ...{ baseUrl: mirror, headUrl: mirror, headRef: 'change', baseRef: 'main', on: 'pull_request', number: 7 },
    ...{ headSha: commits.change ?? '', baseSha: commits[base] ?? '', package: 'hello', merge: true },
    createdAt: '2026-01-02T03:04:05Z',
    // only what the SRPM is made of
    options: {
      specfile_path: 'hello.spec',
      upstream_package_name: 'hello',
      downstream_package_name: 'hello',
      ...options,
    } as SrpmInput['options'],
  }
}

const FIRST_COMMIT_SECONDS = 1_700_000_000

/** Makes a bare repository with these commits, each a minute after the one before, by `Dev One`. */
export async function createFixture(commits: readonly FixtureCommit[]): Promise<Fixture> {
  const folder = await mkdtemp(path.join(tmpdir(), 'srpm-test-'))
  const mirror = path.join(folder, 'mirror.git')
  await exec('git', ['init', '--quiet', '--bare', '--initial-branch=main', mirror])
  const marks = new Map(commits.map((commit, index) => [commit.message, index + 1]))
  const commands = commits.flatMap((commit, index) => importCommands(commit, index, marks))
  const importer = spawn('git', ['-C', mirror, 'fast-import', '--quiet', '--export-marks=marks'])
  const ended = new Promise((resolve) => importer.on('close', resolve))
  importer.stdin.end(Buffer.concat(commands.map((part) => Buffer.from(part))))
  if ((await ended) !== 0) throw new Error('git fast-import failed')

  const shas = new Map(
    (await readFile(path.join(mirror, 'marks'), 'utf8')).split('\n').map((line) => {
      const [mark = '', sha = ''] = line.split(' ')
      return [mark.slice(1), sha]
    }),
  )
  return {
    folder,
    mirror,
    commits: Object.fromEntries([...marks].map(([message, mark]) => [message, shas.get(String(mark)) ?? ''])),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}

function importCommands(commit: FixtureCommit, index: number, marks: Map<string, number>): (string | Uint8Array)[] {
  const at = FIRST_COMMIT_SECONDS + index * 60
  const parent = commit.after === undefined ? index : marks.get(commit.after)
  const who = `Dev One <dev@example.org> ${at} +0000`
  const files = Object.entries(commit.files).flatMap(([file, content]) =>
    content === null
      ? [`D ${file}\n`]
      : [`M 100644 inline ${file}\ndata ${Buffer.from(content).length}\n`, Buffer.from(content), '\n'],
  )
  return [
    `commit refs/heads/${commit.branch ?? 'main'}\nmark :${index + 1}\nauthor ${who}\ncommitter ${who}\n`,
    `data ${Buffer.byteLength(commit.message)}\n${commit.message}\n`,
    parent ? `from :${parent}\n` : '',
    ...files,
    ...(commit.tags ?? []).map((tag) => `reset refs/tags/${tag}\nfrom :${index + 1}\n`),
  ]
}

/** What came of a run, and where. */
export interface Outcome {
  result: MakeSrpmResult
  log: string
  steps: string[]
  /** URLs that were asked for. */
  fetched: string[]
  /** The SRPM as it was handed out. */
  srpm?: string
  work: string
}

export const TIMESTAMP = '20240102030405123456'
export const PACKAGER = 'Test Packager <t@example.org>'

/**
 * Runs the program outside of a sandbox: on what tests made up only.
 *
 * @param files  what the host downloads: URL → content
 */
export async function runMakeSrpm(
  fixture: Fixture,
  input: Partial<MakeSrpmInput> & { headSha: string },
  files: Record<string, string> = {},
): Promise<Outcome> {
  const work = await mkdtemp(path.join(fixture.folder, 'work-'))
  const outcome = { log: '', steps: [] as string[], fetched: [] as string[] }
  let srpm: string | undefined
  const host: Host = {
    log: (output) => {
      outcome.log += Buffer.from(output).toString()
    },
    progress: ({ step }) => void outcome.steps.push(step),
    sendFile: (_name, file) => {
      srpm = file
    },
    fetchInto: async (url) => {
      outcome.fetched.push(url)
      const content = files[url]
      if (content === undefined) throw new Error('there is no such host')
      const file = path.join(work, `download-${outcome.fetched.length}`)
      await writeFile(file, content)
      return file
    },
  }
  const result = await makeSrpm({ ...DEFAULT_INPUT, ...input }, host, { mirror: fixture.mirror, work })
  return { ...outcome, result, work, ...(srpm && { srpm }) }
}

const DEFAULT_INPUT: Omit<MakeSrpmInput, 'headSha'> = {
  package: 'hello',
  options: { specfile_path: 'hello.spec', upstream_package_name: 'hello', downstream_package_name: 'hello' },
  event: 'commit',
  branch: 'main',
  baseSha: null,
  baseRef: null,
  merge: false,
  tag: null,
  mergedRef: null,
  updateRelease: null,
  createdAt: '2024-01-02T03:04:05.123456Z',
  commitTime: '2024-01-02T03:04:05Z',
  packager: PACKAGER,
}

/** The spec file in the work tree after a run. */
export async function specAfter(outcome: Outcome, specPath = 'hello.spec'): Promise<string> {
  return readFile(path.join(outcome.work, 'upstream', specPath), 'latin1')
}

/** Lines that one text lacks and lines that the other has more, in order. */
export async function diffLines(
  folder: string,
  before: string,
  after: string,
): Promise<{ removed: string[]; added: string[] }> {
  const place = await mkdtemp(path.join(folder, 'diff-'))
  await Promise.all([writeFile(`${place}/a`, before, 'latin1'), writeFile(`${place}/b`, after, 'latin1')])
  const args = ['diff', '--no-index', '--no-color', '-U0', `${place}/a`, `${place}/b`]
  const { stdout } = await exec('git', args).catch((error: { stdout: string }) => error)
  const lines = stdout.split('\n').slice(4)
  const starting = (sign: string) => lines.filter((line) => line.startsWith(sign)).map((line) => line.slice(1))
  return { removed: starting('-'), added: starting('+') }
}

/** Names of the files in an SRPM. */
export async function listSrpm(srpm: string): Promise<string[]> {
  const { stdout } = await exec('rpm', ['-qp', '--nosignature', '--qf', '[%{FILENAMES}\\n]', srpm])
  return stdout.trim().split('\n').sort()
}

/** Standard output of git in the work tree of a run. */
export async function gitAfter(outcome: Outcome, ...args: string[]): Promise<string> {
  const { stdout } = await exec('git', ['-C', path.join(outcome.work, 'upstream'), ...args])
  return stdout.trim()
}

/**
 * A folder with an `sh` that writes down for which action and with which of our variables it was called, into
 * `$HOME/actions`; put it first into PATH.
 */
export async function createShellSpy(): Promise<{ folder: string } & AsyncDisposable> {
  const folder = await mkdtemp(path.join(tmpdir(), 'srpm-sh-'))
  await mkdir(folder, { recursive: true })
  const script = `#!/bin/sh
echo "$2 $(env | sed -n 's/^\\(PACKIT_[A-Z_]*\\)=.*/\\1/p' | sort | tr '\\n' ' ')" >> "$HOME/actions"
exec /bin/sh "$@"
`
  await writeFile(path.join(folder, 'sh'), script, { mode: 0o755 })
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) }
}
