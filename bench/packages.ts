import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'

/** A C project of many files: what it takes to compile it outweighs what a sandbox costs. */
const FILES = 50
const FUNCTIONS = 30

const SPEC = `%global debug_package %{nil}
Name: larger
Version: 1.0
Release: 1
Summary: A package that takes a while to build
License: MIT
Source0: larger-1.0.tar.gz

%description
A program of ${FILES} files.

%prep
%setup -q

%build
make %{?_smp_mflags}

%install
install -D -m 755 larger %{buildroot}%{_bindir}/larger

%files
%{_bindir}/larger
`

const MAKEFILE = `OBJECTS = ${Array.from({ length: FILES }, (_, i) => `part${i}.o`).join(' ')} main.o
larger: $(OBJECTS)
\t$(CC) -o $@ $(OBJECTS)
%.o: %.c
\t$(CC) -O2 -Wall -c -o $@ $<
`

/** Writes spec file and sources into a folder of `rpmbuild`; gives the path of the spec file. */
export async function writeLargerPackage(top: string): Promise<string> {
  const project = join(top, 'larger-1.0')
  await mkdir(project, { recursive: true })
  await mkdir(join(top, 'SOURCES'), { recursive: true })
  for (let i = 0; i < FILES; i += 1) await writeFile(join(project, `part${i}.c`), partSource(i))
  await writeFile(join(project, 'main.c'), mainSource())
  await writeFile(join(project, 'Makefile'), MAKEFILE)
  await execa('tar', ['-czf', 'SOURCES/larger-1.0.tar.gz', 'larger-1.0'], { cwd: top })
  const spec = join(top, 'larger.spec')
  await writeFile(spec, SPEC)
  return spec
}

function partSource(part: number): string {
  const functions = Array.from({ length: FUNCTIONS }, (_, i) => {
    return `static int step${i}(int n) { int s = ${part}; for (int j = 0; j < n; j++) s += snprintf(0, 0, "%d %d", s ^ j, ${i}); return s; }`
  })
  const sum = Array.from({ length: FUNCTIONS }, (_, i) => `step${i}(n)`).join(' + ')
  return `#include <stdio.h>\n#include <stdlib.h>\n${functions.join('\n')}\nint part${part}(int n) { return ${sum}; }\n`
}

function mainSource(): string {
  const parts = Array.from({ length: FILES }, (_, i) => i)
  const declared = parts.map((i) => `int part${i}(int n);`).join('\n')
  return `${declared}\nint main(void) { return (${parts.map((i) => `part${i}(2)`).join(' + ')}) == 0; }\n`
}
