import type { CauseKind, CauseStep } from '../../src/domain/cause/cause.ts'

/** What has to be found in `logs/<name>.txt`. */
export interface CauseCase {
  kind: CauseKind
  section: string | null
  /** How the line begins that says why. */
  says: string
  /** A build that failed by itself, if left out. */
  step?: CauseStep
  summary?: string
}

/** Logs of failures; most are what rpmbuild, git and the compilers printed for a tiny package made to fail. */
export const CASES: Record<string, CauseCase> = {
  'arch-mismatch': { kind: 'architecture', section: null, says: 'error: Architecture is not included: x86_64' },
  'bash-not-found': { kind: 'missing-program', section: '%build', says: 'bash: line 1: frob: command not found' },
  'build-shell-syntax': {
    kind: 'spec-syntax',
    section: '%build',
    says: '/var/tmp/rpm-tmp.balS8k: 37: Syntax error: Unterminated quoted string',
  },
  'cargo-offline-missing-crate': {
    kind: 'missing-build-requires',
    section: '%build',
    says: 'error: no matching package named `clap` found',
  },
  'changelog-date': {
    kind: 'changelog',
    section: null,
    says: 'error: bad date in %changelog: Tue Nov 32 2026 Jane Doe <jane@example.',
  },
  'changelog-entry': { kind: 'changelog', section: null, says: 'error: %changelog entries must start with *' },
  'changelog-order': {
    kind: 'changelog',
    section: null,
    says: 'error: %changelog not in descending chronological order',
  },
  'check-automake': { kind: 'check', section: '%check', says: 'FAIL: test-frob' },
  'check-c-assert': { kind: 'check', section: '%check', says: "a: a.c:2: main: Assertion `words == 2' failed." },
  'check-cargo': { kind: 'check', section: '%check', says: "thread 'tests::adds' panicked at src/lib.rs:11:9:" },
  'check-ctest': {
    kind: 'check',
    section: '%check',
    says: '2/3 Test #2: subtracts ........................***Failed    0.00 sec',
  },
  'check-go-panic': {
    kind: 'check',
    section: '%check',
    says: 'panic: runtime error: index out of range [0] with length 0 [recovered,',
  },
  'check-go': { kind: 'check', section: '%check', says: 'hello_test.go:7: Add(1, 2) = -1, want 3' },
  'check-gtest': {
    kind: 'check',
    section: '%check',
    says: '/builddir/build/BUILD/hello-1.2-build/hello-1.2/tests/greeting.cpp:14:',
  },
  'check-jest': { kind: 'check', section: '%check', says: '● greets by name' },
  'check-make-plain': { kind: 'check', section: '%check', says: 'not ok 2 - greets in German' },
  'check-meson': {
    kind: 'check',
    section: '%check',
    says: '2/4 hello:unit / names                  FAIL            0.02s   exit s',
  },
  'check-prove': { kind: 'check', section: '%check', says: "#   Failed test 'adds'" },
  'check-pytest-collection': {
    kind: 'check',
    section: '%check',
    says: "E   ModuleNotFoundError: No module named 'frobnicate'",
  },
  'check-pytest': { kind: 'check', section: '%check', says: 'FAILED tests/test_hello.py::test_add - assert -1 == 3' },
  'check-rspec': { kind: 'check', section: '%check', says: "Failure/Error: expect(greet('Jane')).to eq('Hello Jane')" },
  'check-sanitizer': {
    kind: 'check',
    section: '%check',
    says: '==4738==ERROR: AddressSanitizer: heap-use-after-free on address 0x6020',
  },
  'check-segfault': { kind: 'check', section: '%check', says: 'make: *** [Makefile:3: check] Segmentation fault' },
  'check-silent': { kind: 'check', section: '%check', says: 'make: *** [Makefile:3: check] Error 1' },
  'check-surefire': {
    kind: 'check',
    section: '%check',
    says: '[ERROR]   GreetingTest.name:17 expected: <Hello Jane> but was: <hello ',
  },
  'check-unittest': { kind: 'check', section: '%check', says: 'FAIL: test_add (test_hello.HelloTest.test_add)' },
  'cmake-build-ninja': {
    kind: 'compiler',
    section: '%build',
    says: '/builddir/build/BUILD/hello-1.2/hello.cpp:2:39: error: no matching fun',
  },
  'cmake-findmodule': {
    kind: 'missing-build-requires',
    section: '%build',
    says: 'Could NOT find ImageMagick (missing: ImageMagick_MagickWand_LIBRARY)',
  },
  'cmake-missing-package': {
    kind: 'missing-build-requires',
    section: '%build',
    says: 'Could not find a package configuration file provided by "Frobnicate"',
  },
  'cmake-pkgconfig': {
    kind: 'missing-build-requires',
    section: '%build',
    says: "--   Package 'frobnicate', required by 'virtual:world', not found",
  },
  'compiler-gcc-header': {
    kind: 'compiler',
    section: '%build',
    says: 'hello.c:1:10: fatal error: frob/frob.h: No such file or directory',
  },
  'compiler-gcc': {
    kind: 'compiler',
    section: '%build',
    says: 'hello.c:6:13: error: too many arguments to function ‘count_words’',
  },
  'compiler-go': { kind: 'compiler', section: '%build', says: './main.go:5:2: "os" imported and not used' },
  'compiler-gxx-template': {
    kind: 'compiler',
    section: '%build',
    says: '/usr/include/c++/12/bits/stl_algo.h:1938:50: error: no match for ‘oper',
  },
  'compiler-java': {
    kind: 'compiler',
    section: '%build',
    says: 'src/Hello.java:5: error: incompatible types: inference variable E has ',
  },
  'compiler-rust-colours': {
    kind: 'compiler',
    section: '%build',
    says: 'error[E0425]: cannot find value `nme` in this scope',
  },
  'compiler-rust': { kind: 'compiler', section: '%build', says: 'error[E0308]: mismatched types' },
  'compiler-werror': {
    kind: 'compiler',
    section: '%build',
    says: 'hello.c:2:12: error: ‘helper’ defined but not used [-Werror=unused-fun',
  },
  'configure-error-plain': {
    kind: 'configure',
    section: '%build',
    says: 'configure: error: --with-frob needs a directory',
  },
  'configure-error': { kind: 'missing-build-requires', section: '%build', says: "No package 'frobnicate' found" },
  'debug-buildroot-path': {
    kind: 'install',
    section: '%install',
    says: "Found '/builddir/build/BUILDROOT/hello-1.2-1.fc44.x86_64' in installed",
  },
  'desktop-file': {
    kind: 'install',
    section: '%install',
    says: 'Error on file "hello.desktop": Failed to validate the created desktop ',
  },
  'disk-full-cp': { kind: 'disk', section: '%build', says: "cp: error writing '/dev/full': No space left on device" },
  'disk-limit-ended': {
    kind: 'disk',
    section: '%build',
    says: "/tmp/cc9Xk2.s: Fatal error: can't write 4096 bytes to section .data of",
    step: { kind: 'build', end: 'disk-full' },
  },
  'exit-silent': { kind: 'unknown', section: '%build', says: '+ test -f no-such-file' },
  'files-from-missing': {
    kind: 'missing-files',
    section: '%files',
    says: 'error: Could not open %files file /builddir/build/BUILD/hello-1.2/noth',
  },
  'fork-limit': { kind: 'processes', section: '%build', says: '/bin/sh: 1: Cannot fork' },
  'generate-buildrequires': {
    kind: 'missing-build-requires',
    section: null,
    says: 'error: Failed build dependencies:',
  },
  'go-vet-test-compile': { kind: 'compiler', section: '%check', says: './hello_test.go:6:2: undefined: missing' },
  'gxx-bad-alloc': {
    kind: 'memory',
    section: '%build',
    says: "terminate called after throwing an instance of 'std::bad_alloc'",
  },
  'install-ambiguous-shebang': {
    kind: 'install',
    section: '%install',
    says: '*** ERROR: ambiguous python shebang in /usr/bin/greet: #!/usr/bin/pyth',
  },
  'install-missing-file': {
    kind: 'install',
    section: '%install',
    says: "install: cannot stat 'hello': No such file or directory",
  },
  'install-noarch-binary': {
    kind: 'install',
    section: '%files',
    says: 'error: Arch dependent binaries in noarch package',
  },
  'install-rpath': {
    kind: 'install',
    section: '%install',
    says: "ERROR   0001: file '/usr/bin/hello' contains a standard runpath '/usr/",
  },
  'java-test-exception': {
    kind: 'script',
    section: '%build',
    says: 'Exception in thread "main" java.lang.NullPointerException: Cannot invo',
  },
  'koji-prefix-check': {
    kind: 'check',
    section: '%check',
    says: 'BUILDSTDERR: test-greet: greet.c:88: find_name: Assertion `name != NUL',
  },
  'linker-duplicate': {
    kind: 'linker',
    section: '%build',
    says: "/usr/bin/ld: b.o:(.data+0x0): multiple definition of `version'; a.o:(.",
  },
  'linker-missing-library': {
    kind: 'linker',
    section: '%build',
    says: '/usr/bin/ld: cannot find -lfrobnicate: No such file or directory',
  },
  'linker-undefined': {
    kind: 'linker',
    section: '%build',
    says: "hello.c:(.text.startup+0xd): undefined reference to `frobnicate'",
  },
  'log-limit': { kind: 'log-limit', section: '%build', says: 'no', step: { kind: 'build', end: 'log-limit' } },
  'macro-undefined-braces': {
    kind: 'macro-undefined',
    section: '%build',
    says: '/var/tmp/rpm-tmp.SPuWU5: 29: %{frob_build}: not found',
  },
  'macro-undefined-build': {
    kind: 'macro-undefined',
    section: '%build',
    says: '/var/tmp/rpm-tmp.PW9y3r: 29: %py4_build: not found',
  },
  'macro-undefined-job-control': {
    kind: 'macro-undefined',
    section: '%build',
    says: '/var/tmp/rpm-tmp.wN2bzY: line 41: fg: no job control',
  },
  'macro-undefined-tag': {
    kind: 'macro-undefined',
    section: null,
    says: 'error: line 6: Unknown tag: %frobnicate_setup',
  },
  'make-parallel-late': {
    kind: 'compiler',
    section: '%build',
    says: 'bad.c:1:26: error: expected ‘;’ before ‘}’ token',
  },
  'maven-offline': {
    kind: 'missing-build-requires',
    section: '%build',
    says: '[ERROR] Plugin org.apache.maven.plugins:maven-resources-plugin:2.6 or ',
  },
  'memory-cc1plus': {
    kind: 'memory',
    section: '%build',
    says: 'g++: fatal error: Killed signal terminated program cc1plus',
  },
  'memory-limit-ended': {
    kind: 'memory',
    section: '%build',
    says: "other.cpp:3:9: warning: unused variable 'error' [-Wunused-variable]",
    step: { kind: 'build', end: 'out-of-memory' },
  },
  'meson-dependency': {
    kind: 'missing-build-requires',
    section: '%build',
    says: 'meson.build:23:10: ERROR: Dependency "frobnicate" not found, tried pkg',
  },
  'meson-program': {
    kind: 'missing-program',
    section: '%build',
    says: "meson.build:4:0: ERROR: Program 'glib-compile-resources' not found or ",
  },
  'missing-buildrequires-rpm': {
    kind: 'missing-build-requires',
    section: null,
    says: 'error: Failed build dependencies:',
  },
  'missing-doc': {
    kind: 'missing-files',
    section: '%files',
    says: 'error: File not found: /builddir/build/BUILDROOT/hello-1.2-1.fc44.x86_',
  },
  'missing-files-debugsource': {
    kind: 'missing-files',
    section: '%files',
    says: 'error: Empty %files file /builddir/build/BUILD/hello-1.2-build/hello-1',
  },
  'missing-files-glob': {
    kind: 'missing-files',
    section: '%files',
    says: 'error: File not found by glob: /builddir/build/BUILDROOT/hello-1.2-1.f',
  },
  'missing-files': {
    kind: 'missing-files',
    section: '%files',
    says: 'error: File not found: /builddir/build/BUILDROOT/hello-1.2-1.fc44.x86_',
  },
  'missing-interpreter': {
    kind: 'missing-program',
    section: '%build',
    says: '/var/tmp/rpm-tmp.C14AF8: 29: ./tool: not found',
  },
  'missing-program-bash': {
    kind: 'missing-program',
    section: '%install',
    says: '/var/tmp/rpm-tmp.9fTq3L: line 44: desktop-file-validate: command not f',
  },
  'missing-program-env': {
    kind: 'missing-program',
    section: '%build',
    says: '/usr/bin/env: ‘frobscript’: No such file or directory',
  },
  'missing-program-make': {
    kind: 'missing-program',
    section: '%build',
    says: 'make: frobc: No such file or directory',
  },
  'missing-program': {
    kind: 'missing-program',
    section: '%build',
    says: '/var/tmp/rpm-tmp.R80NEk: 29: frobnicate: not found',
  },
  'mock-buildrequires-noise': {
    kind: 'missing-build-requires',
    section: '%generate_buildrequires',
    says: "ModuleNotFoundError: No module named 'numpy'",
  },
  'mock-conflicting-requests': {
    kind: 'missing-build-requires',
    section: null,
    says: '- nothing provides libfrob.so.3()(64bit) needed by frob-devel-3.1-2.fc',
  },
  'mock-dnf4-no-package': {
    kind: 'missing-build-requires',
    section: null,
    says: "No matching package to install: 'pyproject-srpm-macros >= 1.20'",
  },
  'mock-dnf5-no-match': {
    kind: 'missing-build-requires',
    section: null,
    says: 'No match for argument: libfrobnicate-devel >= 2.0',
  },
  'network-cargo': {
    kind: 'network-denied',
    section: '%build',
    says: '[6] Could not resolve hostname (Could not resolve host: crates.example.o',
  },
  'network-curl': { kind: 'network-denied', section: '%build', says: 'curl: (6) Could not resolve host: example.org' },
  'network-git': {
    kind: 'network-denied',
    section: '%build',
    says: "fatal: unable to access 'https://example.org/frob.git/': Could not res",
  },
  'network-go': {
    kind: 'network-denied',
    section: '%build',
    says: 'main.go:3:8: github.com/example/frob@v1.2.3: Get "https://goproxy.exam',
  },
  'network-npm': {
    kind: 'network-denied',
    section: '%build',
    says: 'npm error request to https://npm.example.org/left-pad failed, reaso',
  },
  'network-pip': {
    kind: 'network-denied',
    section: '%build',
    says: 'ERROR: No matching distribution found for frob-backend>=1',
  },
  'node-test': { kind: 'check', section: '%check', says: 'not ok 1 - adds' },
  'npm-missing-module': {
    kind: 'missing-build-requires',
    section: '%build',
    says: "Error: Cannot find module 'esbuild'",
  },
  'ok-warnings-then-fail': { kind: 'unknown', section: '%build', says: 'msgfmt: found 1 fatal error' },
  'oom-gcc': { kind: 'memory', section: '%build', says: 'Killed' },
  'perl-no-module': {
    kind: 'missing-build-requires',
    section: '%build',
    says: "Can't locate Frob/MakeMaker.pm in @INC (you may need to install the Fr",
  },
  'prep-bad-archive': { kind: 'prep-other', section: '%prep', says: '/bin/tar: This does not look like a tar archive' },
  'prep-git-am': { kind: 'prep-patch', section: '%prep', says: 'error: patch failed: hello.c:1' },
  'prep-patch-missing-file': { kind: 'prep-patch', section: '%prep', says: "can't find file to patch at input line 3" },
  'prep-patch-rejected': { kind: 'prep-patch', section: '%prep', says: 'Hunk #1 FAILED at 10.' },
  'prep-sed-missing-file': {
    kind: 'prep-other',
    section: '%prep',
    says: "sed: can't read configure.ac: No such file or directory",
  },
  'prep-wrong-directory': {
    kind: 'prep-other',
    section: '%prep',
    says: "/var/tmp/rpm-tmp.EMJdTb: 35: cd: can't cd to hello-1.2-src",
  },
  'python-memory': { kind: 'memory', section: '%build', says: 'MemoryError' },
  'python-no-module': {
    kind: 'missing-build-requires',
    section: '%build',
    says: "ModuleNotFoundError: No module named 'frob_setup'",
  },
  'python-syntax': { kind: 'script', section: '%build', says: "SyntaxError: '(' was never closed" },
  'python-traceback': { kind: 'script', section: '%build', says: "KeyError: 'version'" },
  rpmlint: { kind: 'rpmlint', section: null, says: 'hello.x86_64: E: invalid-license Frob', step: { kind: 'test' } },
  'source-missing-patch': {
    kind: 'source-missing',
    section: '%prep',
    says: 'error: File /builddir/build/SOURCES/0001-never-added.patch: No such fi',
  },
  'source-missing': {
    kind: 'source-missing',
    section: null,
    says: 'error: Bad file: /builddir/build/SOURCES/hello.service: No such file o',
  },
  'spec-bad-if': {
    kind: 'spec-syntax',
    section: null,
    says: 'error: /builddir/build/SPECS/hello.spec:6: bad %if condition:  0 >> 3',
  },
  'spec-bad-version': {
    kind: 'spec-syntax',
    section: null,
    says: "error: line 2: Illegal char '-' (0x2d) in: Version: 1.2-rc1",
  },
  'spec-if-unclosed': { kind: 'spec-syntax', section: null, says: 'error: line 10: Unclosed %if' },
  'spec-macro-unclosed': {
    kind: 'spec-syntax',
    section: null,
    says: 'error: line 2: unclosed macro or bad line continuation',
  },
  'spec-no-version': {
    kind: 'spec-syntax',
    section: null,
    says: 'error: Version field must be present in package: (main package)',
  },
  'spec-unknown-section': { kind: 'spec-syntax', section: null, says: 'error: line 6: Unknown tag: Frob: yes' },
  'srpm-action-missing-program': {
    kind: 'missing-program',
    section: 'Action get-current-version',
    says: 'bash: line 1: hatch: command not found',
    step: {
      kind: 'srpm',
      failure: {
        kind: 'action-failed',
        message: 'Action get-current-version: command bash -c "hatch version" failed: it ended with code 127.',
        action: 'get-current-version',
      },
    },
  },
  'srpm-action-silent': {
    kind: 'action',
    section: 'Action fix-spec-file',
    says: '12 changes',
    step: {
      kind: 'srpm',
      failure: {
        kind: 'action-failed',
        message: 'Action fix-spec-file: command ./packit.sh --fix failed: it ended with code 3.',
        action: 'fix-spec-file',
      },
    },
  },
  'srpm-action': {
    kind: 'action',
    section: 'Action post-upstream-clone',
    says: 'configure.ac:8: error: possibly undefined macro: AM_INIT_AUTOMAKE',
    step: {
      kind: 'srpm',
      failure: {
        kind: 'action-failed',
        message: 'Action post-upstream-clone: command ./autogen.sh failed: it ended with code 1.',
        action: 'post-upstream-clone',
      },
    },
  },
  'srpm-commit-gone': {
    kind: 'source-missing',
    section: 'Checkout',
    says: 'fatal: Not a valid object name 1f0c29d3a2b4c5d6e7f8091a2b3c4d5e6f70819',
    step: {
      kind: 'srpm',
      failure: {
        kind: 'missing-commit',
        message:
          "Commit 1f0c29d3a2b4c5d6e7f8091a2b3c4d5e6f708192 isn't in the repository (any more). Push again, or run again.",
      },
    },
  },
  'srpm-download': {
    kind: 'source-missing',
    section: 'Sources',
    says: 'https://example.org/hello/data-1.2.tar.xz: 404 Not Found',
    step: {
      kind: 'srpm',
      failure: { kind: 'source-download', message: 'Source1 could not be downloaded: 404 Not Found.' },
    },
  },
  'srpm-merge-conflict': {
    kind: 'merge-conflict',
    section: 'Merge',
    says: 'CONFLICT (modify/delete): gone.c deleted in HEAD and modified in pr.  ',
    step: {
      kind: 'srpm',
      failure: {
        kind: 'merge-conflict',
        message: 'The change conflicts with main in gone.c, src/hello.c. Merge or rebase, and push again.',
        files: ['gone.c', 'src/hello.c'],
      },
    },
  },
  'srpm-rpmbuild-macro': {
    kind: 'macro-undefined',
    section: 'rpmbuild',
    says: 'error: line 14: Unknown tag: %forgemeta',
    step: { kind: 'srpm', failure: { kind: 'rpmbuild', message: 'rpmbuild -bs ended with code 1.' } },
  },
  'srpm-rpmbuild-source': {
    kind: 'source-missing',
    section: 'rpmbuild',
    says: 'error: Bad file: /builddir/build/SOURCES/hello.service: No such file o',
    step: { kind: 'srpm', failure: { kind: 'rpmbuild', message: 'rpmbuild -bs ended with code 1.' } },
  },
  'tar-missing-source': {
    kind: 'prep-other',
    section: '%prep',
    says: 'tar: /builddir/build/SOURCES/hello-docs.tar.gz: Cannot open: No such f',
  },
  'test-install': {
    kind: 'missing-build-requires',
    section: null,
    says: '- nothing provides libfrob.so.3()(64bit) needed by hello-1.2-1.fc44.x8',
    step: { kind: 'test' },
  },
  'time-out-check': {
    kind: 'time-out',
    section: '%check',
    says: 'running test 3 (network): waiting for the server...',
    step: { kind: 'build', end: 'timed-out' },
  },
  tsc: {
    kind: 'compiler',
    section: '%build',
    says: "a.ts(1,7): error TS2322: Type 'string' is not assignable to type 'numb",
  },
  'unpackaged-files-rpm6': {
    kind: 'unpackaged-files',
    section: '%files',
    says: 'error: Installed (but unpackaged) file(s) found:',
  },
  'unpackaged-files': {
    kind: 'unpackaged-files',
    section: '%files',
    says: 'error: Installed (but unpackaged) file(s) found:',
  },
  'wheel-error': { kind: 'missing-build-requires', section: '%build', says: "error: invalid command 'bdist_wheel'" },
}
