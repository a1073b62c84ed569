import assert from 'node:assert/strict'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { standInsFor } from '../src/builders/local/inside/stand-ins.ts'
import type { Limits, Sandbox } from '../src/sandbox/sandbox.ts'

const LIMITS: Limits = { timeMs: 30_000, memoryBytes: 2 ** 30, processes: 64, diskBytes: 2 ** 26, logBytes: 2 ** 20 }

/** A small package: its program prints one line, its name is `hello`. */
export const HELLO_SPEC = specOf({
  build:
    'printf "int main(void) { __builtin_puts(\\"hello from a package\\"); return 0; }\\n" > hello.c\ngcc -static -o hello hello.c',
  install: 'mkdir -p %{buildroot}/usr/bin\ninstall -m 755 hello %{buildroot}/usr/bin/hello',
  rest: '%files\n/usr/bin/hello',
})

/** The text of a spec file named `hello`, version 1.0-1. */
export function specOf(part: {
  top?: string
  header?: string
  build?: string
  install?: string
  rest?: string
}): string {
  return `${part.top ?? ''}
%global debug_package %{nil}
%global __strip /bin/true
Name: hello
Version: 1.0
Release: 1
Summary: Says hello
License: MIT
${part.header ?? ''}
%description
A package for tests.
%prep
%build
${part.build ?? ''}
%install
${part.install ?? 'mkdir -p %{buildroot}'}
${part.rest ?? '%files'}
`
}

/**
 * The source package of a spec file, made in the sandbox.
 *
 * @returns its path; the caller removes the folder it lies in
 */
export async function packSpec(sandbox: Sandbox, spec: string): Promise<string> {
  const dir = mkdtempSync(join(tmpdir(), 'packit-spec-'))
  writeFileSync(join(dir, 'hello.spec'), spec)
  const log: Buffer[] = []
  const macros = standInsFor('').map((option) => `'${option}'`)
  const { files } = await sandbox.run({
    program: join(import.meta.dirname, 'hostile/inside/script.ts'),
    input: {
      script: `rpmbuild -bs --define '_srcrpmdir /build' ${macros.join(' ')} /in/hello.spec`,
      send: [['hello-1.0-1.src.rpm', '/build/hello-1.0-1.src.rpm']],
    },
    mounts: { '/in/hello.spec': join(dir, 'hello.spec') },
    results: [{ name: /hello-1\.0-1\.src\.rpm/, maxBytes: 2 ** 24 }],
    ...{ limits: LIMITS, network: false, resultsDir: dir, onLog: (chunk: Buffer) => void log.push(chunk) },
  })
  const [file] = files
  assert.ok(file, Buffer.concat(log).toString())
  return file.path
}
