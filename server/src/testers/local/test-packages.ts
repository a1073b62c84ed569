import assert from 'node:assert/strict'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { packSpec, specOf } from '../../../test/rpm.ts'
import type { Limits, Sandbox } from '../../sandbox/sandbox.ts'

export const LIMITS: Limits = {
  ...{ timeMs: 60_000, memoryBytes: 2 ** 31, processes: 64, diskBytes: 2 ** 27, logBytes: 2 ** 20 },
}

/** A package with one file, and what else a test wants of it. Its source package is named `hello`, whatever its name. */
export function packageOf(part: {
  name?: string
  requires?: string
  file?: string
  text?: string
  /** A scriptlet with its options: `%post -p <lua>` and its lines. */
  scriptlet?: [kind: string, text: string]
}): string {
  const { name = 'hello', requires, file = '/usr/share/hello/greeting', text = 'hello' } = part
  const requirement = requires === undefined ? '' : `Requires: ${requires}`
  const ofName = name === 'hello' ? '' : ` -n ${name}`
  const own =
    ofName === ''
      ? requirement
      : `%package${ofName}\nSummary: Says ${text}\n${requirement}\n%description${ofName}\nA package for tests.`
  const [kind = '', script = ''] = part.scriptlet ?? []
  return specOf({
    header: `BuildArch: noarch\n${own}`,
    install: `mkdir -p %{buildroot}${dirname(file)}\nprintf '%s\\n' '${text}' > %{buildroot}${file}`,
    rest: `${kind === '' ? '' : `${kind.replace(/^%\w+/, `$&${ofName}`)}\n${script}`}\n%files${ofName}\n${file}`,
  })
}

/** Builds spec files in the sandbox. Gives the paths of their packages, all in one folder. */
export async function buildPackages(
  sandbox: Sandbox,
  specs: readonly string[],
): Promise<{ name: string; path: string }[]> {
  const resultsDir = mkdtempSync(join(tmpdir(), 'packit-packages-'))
  const srpms = await Promise.all(specs.map((spec) => packSpec(sandbox, spec)))
  const inside = srpms.map((_, i) => `/in/${i}.src.rpm`)
  const rebuild = inside.map((path, i) => `rpmbuild --rebuild --nodeps --define '_topdir /build/${i}' ${path}`)
  const log: Buffer[] = []
  const { files } = await sandbox.run({
    program: join(import.meta.dirname, '../../../test/hostile/inside/script.ts'),
    input: {
      script: `${rebuild.join(' && ')}; for i in ${srpms.map((_, i) => i).join(' ')}; do cp /build/$i/RPMS/*/*.rpm /build/$i.rpm; done`,
      send: srpms.map((_, i) => [`hello-${i}.rpm`, `/build/${i}.rpm`]),
    },
    mounts: Object.fromEntries(inside.map((path, i) => [path, srpms[i] ?? ''])),
    results: [{ name: /hello-\d+\.rpm/, maxBytes: 2 ** 24 }],
    ...{ limits: LIMITS, network: false, resultsDir, onLog: (chunk: Buffer) => void log.push(chunk) },
  })
  assert.equal(files.length, specs.length, Buffer.concat(log).toString())
  return files.map(({ name, path }) => ({ name, path })).sort((a, b) => a.name.localeCompare(b.name))
}
