import { type Rule, rule } from './rule.ts'

/** The lines under an error that show the place: `12 |   code`, `   |   ^~~~`, `  --> src/main.rs:5:18`. */
const SNIPPET = /^\s*(?:\d+ )?\| |^\s*-->|^\s+\^|^\s*\|$/

/** Compilers, linkers, and the programs that look for what a build needs. */
export const COMPILER_RULES: readonly Rule[] = [
  rule('memory', 82, /^.*fatal error: Killed signal terminated program .*/),
  rule('disk', 82, /^.*(?:fatal error|error): .*No space left on device$/),
  rule('configure', 73, /error: possibly undefined macro: (?<it>\S+)/),
  rule('compiler', 70, /^[^\s:][^:]*:\d[\d.:-]*: (?:fatal |internal compiler )?[Ee]rror: (?<it>.+)$/, { after: 2 }),
  rule(
    'compiler',
    70,
    /^(?:cc1(?:plus)?|gcc|g\+\+|clang(?:\+\+)?|rustc|ghc|nvcc): (?:fatal |internal compiler )?error: (?<it>.+)$/,
  ),
  rule('compiler', 36, /^(?:cc1(?:plus)?): (?:all|some) warnings being treated as errors/),
  rule('linker', 71, /^error: linking with .* failed/, { after: 3 }),
  rule('compiler', 70, /^error\[E\d+\]: (?<it>.+)$/, { after: SNIPPET }),
  rule('compiler', 48, /^error: could not compile (?<it>`[^`]+`)/),
  rule('compiler', 68, /^(?:vet: )?[\w./@-]+\.go:\d+:\d+: (?!.*\bGet ")(?<it>.+)$/),
  rule('compiler', 70, /^[^\s(:][^(:]*\(\d+,\d+\): error [A-Z]+\d+: (?<it>.+)$/),
  rule('compiler', 70, /^[^\s:][^:]*:\d+:\d+ - error [A-Z]+\d+: (?<it>.+)$/),
  rule('compiler', 69, /^[^\s(:][^(:]*\(\d+\): [Ee]rror: (?<it>.+)$/, { after: 2 }),
  rule('compiler', 70, /^\[ERROR\] \S+\.(?:java|kt|scala|groovy):\[\d+,\d+\] (?<it>.+)$/),
  rule('compiler', 70, /^e: file:\/\/\S+:\d+:\d+ (?<it>.+)$/),
  rule('compiler', 66, /^Error: (?<it>.+)$/, {
    back: [/^File "[^"]+", lines? \d|^\S+\.[fF]\d*:\d+:\d+:$/],
    only: ['%build'],
  }),

  rule('linker', 72, /undefined reference to [`'](?<it>[^`']+)'/, { before: 1 }),
  rule('linker', 72, /multiple definition of [`'](?<it>[^`']+)'/),
  rule('linker', 72, /\bld(?:\.\w+)?: (?:error: )?cannot find (?<it>\S+?)(?::|$)/),
  rule('linker', 71, /\bld\.(?:lld|gold|mold|bfd): (?:fatal )?error: (?<it>.+)$|^mold: error: .*/),
  rule(
    'linker',
    71,
    /\bld(?:\.\w+)?: .*(?:file not recognized|relocation R_\w+ against|final link failed|undefined symbol).*/,
  ),
  rule('linker', 50, /^(?:collect2|clang(?:\+\+)?): error: .*(?:ld returned|linker command failed).*/),

  rule('missing-build-requires', 78, /No package '(?<it>[^']+)' found/, { back: [/^configure: error:/] }),
  rule('missing-build-requires', 77, /Package '(?<it>[^']+)', required by '[^']+', not found/, { after: 2 }),
  rule('missing-build-requires', 77, /Package (?<it>\S+) was not found in the pkg-config search path/),
  rule('missing-build-requires', 76, /^\s+Could not find a package configuration file provided by "(?<it>[^"]+)"/, {
    back: [/^CMake Error/],
    after: 1,
  }),
  rule('missing-build-requires', 76, /^\s+Could NOT find (?<it>\S+)/, { back: [/^CMake Error/], after: 1 }),
  rule(
    'missing-build-requires',
    76,
    /ERROR: (?:Dependency|dependency) ["'](?<it>[^"']+)["'].* (?:not found|is required)/,
  ),
  rule(
    'missing-build-requires',
    76,
    /ERROR: (?:C|C\+\+|Objective-C) (?:shared or static )?library ['"](?<it>[^'"]+)['"] not found/,
  ),
  rule('missing-program', 76, /ERROR: [Pp]rogram ['"](?<it>[^'"]+)['"].* not found/),
  rule(
    'missing-build-requires',
    75,
    /^configure: error: .*(?:requirements .* were not met|not found|is required|missing|could not find|cannot find).*$/,
    {
      after: 2,
    },
  ),
  rule('missing-program', 76, /^configure: error: (?<it>no acceptable .* found in \$PATH)/),
  rule('configure', 72, /^configure: error: (?<it>.+)$/, { before: 1 }),
  rule('configure', 72, /^\S*meson\.build:\d+:\d+: ERROR: (?<it>.+)$/),
  rule('configure', 62, /^CMake Error(?: at \S+)?.*$/, { after: 2 }),
  rule('missing-build-requires', 75, /^error: no matching package named `(?<it>[^`]+)` found/, { after: 2 }),
  rule('missing-build-requires', 75, /no required module provides package (?<it>[^\s;:]+)/),
  rule('missing-build-requires', 75, /cannot find (?:module providing )?package "?(?<it>[\w./-]+)"?(?: in any of|:|$)/),
  rule(
    'missing-build-requires',
    74,
    /^\[ERROR\] .*?(?<it>[\w.-]+(?::[\w.-]+){2,4}).* (?:in offline mode|could not be resolved)/,
  ),
  rule('missing-build-requires', 73, /^ModuleNotFoundError: No module named ['"](?<it>[^'"]+)['"]/, {
    before: 2,
    only: ['%generate_buildrequires', '%prep', '%build', '%install'],
  }),
  rule('missing-build-requires', 73, /^Can't locate (?<it>\S+\.pm) in @INC/),
  rule('missing-build-requires', 73, /cannot load such file -- (?<it>\S+)/),
  rule('missing-build-requires', 73, /^(?:\S*Error: |npm error )?Cannot find module '(?<it>[^']+)'/),
  rule('missing-build-requires', 64, /ERROR: No matching distribution found for (?<it>.+)$/),
  rule('missing-build-requires', 72, /(?:DistributionNotFound|PackageNotFoundError): .*?(?<it>['"]?[\w.-]+['"]?).*/),
  rule('missing-build-requires', 72, /^\s*error: invalid command 'bdist_wheel'/),

  rule('script', 56, /^\s*(?:[A-Za-z_][\w.]*\.)?[A-Z]\w*(?:Error|Exception|Failure|Exit|Interrupt): .+/, {
    before: 2,
    last: true,
  }),
  rule('script', 56, /^(?:KeyboardInterrupt|AssertionError|RecursionError|StopIteration|SystemExit)$/, {
    before: 2,
    last: true,
  }),
  rule('script', 56, /^Exception in thread "[^"]*" (?<it>.+)$/, { after: 2 }),
  rule('script', 55, /^(?:PHP )?Fatal error: (?<it>.+)$/),
  rule('script', 54, /^panic: (?<it>.+)$/, { after: 2 }),
  rule('script', 50, /^npm (?:ERR!|error) (?!A complete log)(?<it>.+)$/),
  rule('script', 46, /^\[ERROR\] (?!\[Help |To see the full|Re-run|For more|$)(?<it>\S.*)$/),
]
