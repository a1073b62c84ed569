import { type Rule, rule } from './rule.ts'

const INDENTED = /^\s+\S/
const PATCH_NAME = [/^Patch #?\d+ \(|^Applying: /, /^patching file /]

/** What rpm, rpmbuild, dnf and mock say about packages and spec files. */
export const PACKAGING_RULES: readonly Rule[] = [
  rule('missing-build-requires', 96, /^error: Failed build dependencies:/, { after: INDENTED }),
  rule('missing-build-requires', 90, /^\s+(?<it>\S.*?) is needed by \S+$/),
  rule('missing-build-requires', 92, /No matching package to install: '(?<it>[^']+)'/),
  rule('missing-build-requires', 91, /nothing provides (?<it>.+?) needed by /),
  rule('missing-build-requires', 90, /^\s*No match for argument: (?<it>\S.*)$/),
  rule('missing-build-requires', 90, /^No Package found for (?<it>.+)$/),
  rule('missing-build-requires', 89, /Unable to find a match: (?<it>.+)$/),
  rule(
    'missing-build-requires',
    86,
    /^\s*(?:- )?package (?<it>\S+) .*(?:conflicts with|is filtered out by|but none of the providers)/,
  ),
  rule(
    'missing-build-requires',
    80,
    /Failed to resolve the transaction:|Not all dependencies satisfied|Some packages could not be found/,
  ),
  rule(
    'architecture',
    95,
    /^error: (?:Architecture is not included|Architecture is excluded|No compatible architectures found).*/,
  ),
  rule('architecture', 95, /^error: (?:OS is not included|OS is excluded):/),

  rule('prep-patch', 94, /^Hunk #\d+ FAILED at /, { back: PATCH_NAME }),
  rule('prep-patch', 93, /^error: patch failed: (?<it>[^:]+):\d+/),
  rule('prep-patch', 93, /^(?:error: )?(?<it>\S+): patch does not apply/),
  rule('prep-patch', 93, /^can't find file to patch at input line/, { back: PATCH_NAME, after: 5 }),
  rule('prep-patch', 93, /^Reversed \(or previously applied\) patch detected/, { back: PATCH_NAME }),
  rule('prep-patch', 93, /^(?:error: corrupt patch at |.*patch: \*\*\*\* malformed patch at line)/, {
    back: PATCH_NAME,
  }),
  rule('prep-patch', 91, /^\d+ out of \d+ hunks? (?:FAILED|ignored)/, { back: PATCH_NAME }),
  rule('prep-patch', 92, /^Patch failed at \d+ (?<it>.+)/),
  rule('prep-patch', 90, /patch: \*\*\*\* /, { back: PATCH_NAME }),

  rule(
    'prep-other',
    85,
    /(?:does not look like a tar archive|not in gzip format|: Cannot open: No such file|End-of-central-directory signature not found)/,
  ),

  rule('merge-conflict', 95, /^CONFLICT \(.*/),
  rule('source-missing', 95, /^error: Bad (?:file|source): (?<it>\S+?): No such file or directory/),
  rule('source-missing', 95, /^error: File (?<it>\S+?): No such file or directory/, { back: PATCH_NAME }),
  rule('source-missing', 95, /^error: (?:Unable to open|failed to stat|Failed to read) (?:icon )?(?<it>\S+?\.spec): /),
  rule('source-missing', 93, /^error: (?:failed to download|Couldn't download) (?<it>\S+)/),
  rule('source-missing', 92, /^fatal: (?:couldn't find remote ref|remote error: upload-pack: not our ref) (?<it>\S+)/),

  rule('unpackaged-files', 96, /^error: Installed \(but unpackaged\) file\(s\) found:/, { after: /^\s{2,}\// }),
  rule('missing-files', 95, /^error: (?:File|Directory) not found(?: by glob)?: (?<it>.+)$/),
  rule('missing-files', 95, /^error: (?:Could not open %files file|Empty %files file) (?<it>\S+?)(?:: .*)?$/),
  rule(
    'missing-files',
    94,
    /^error: (?:File must begin with "\/"|Not a directory|Two files on one line|Installed .* but): ?(?<it>.*)$/,
  ),
  rule('install', 95, /^error: Arch dependent binaries in noarch package/, { after: INDENTED }),
  rule('install', 94, /^Found '.*' in installed files; aborting/, { before: 1 }),
  rule('install', 93, /^(?:\*\*\* )?ERROR: ambiguous python shebang in (?<it>\S+):/),
  rule('install', 93, /^(?:\*\*\* )?ERROR: No build ID note found in (?<it>\S+)/),
  rule('install', 93, /^ERROR +\d{4}: file '(?<it>[^']+)' contains /),

  rule('changelog', 96, /^error: (?:%changelog|.*\bin %changelog)\b.*/),
  rule('macro-undefined', 96, /^error: (?:.*: )?line \d+: Unknown tag: (?<it>%\S+)/),
  rule('macro-undefined', 96, /: fg: no job control$/, { back: [/^\+ (?:fg )?%/] }),
  rule('macro-undefined', 96, /rpm-tmp\.\w+: (?:line )?\d+: (?<it>%\S+): (?:command )?not found$/),
  rule('spec-syntax', 94, /^error: (?:.*: )?line \d+: (?<it>.+)$/),
  rule('spec-syntax', 95, /^error: \S+\.spec:\d+: (?<it>.+)$/),
  rule(
    'spec-syntax',
    93,
    /^error: (?<it>(?:\S+ field must be present in package|syntax error in expression|parse error in expression|bare words are no longer supported).*)$/,
  ),
  rule(
    'spec-syntax',
    93,
    /^error: (?<it>(?:Too many levels of recursion in macro expansion|Unable to parse|Could not parse|Package has no %description|No %description in|lua script failed|Duplicate \S+ entries in package|Unclosed %if|Invalid version).*)$/,
  ),
  rule('spec-syntax', 90, /rpm-tmp\.\w+: (?:line )?\d+: (?<it>(?:[Ss]yntax error|unexpected EOF).*)$/),
  rule('spec-syntax', 85, /^error: (?<it>query of specfile .* failed.*)$/),

  rule('rpmlint', 70, /^\S+?: E: (?<it>\S+)/),
  rule('rpmlint', 60, /^ ?\d+ packages? and \d+ specfiles? checked; .*/, { last: true }),
]
