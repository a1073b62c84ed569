import { type Rule, rule, WEAK } from './rule.ts'

/** What the machine or the sandbox did not give: programs, network, memory, disk; and lines that only sound like an error. */
export const SYSTEM_RULES: readonly Rule[] = [
  rule('missing-program', 86, /rpm-tmp\.\w+: (?:line )?\d+: (?<it>[^\s:]+): (?:command )?not found$/),
  rule(
    'missing-program',
    84,
    /rpm-tmp\.\w+: (?:line )?\d+: (?<it>[^\s:]+): (?:bad interpreter|cannot execute: required file not found)/,
  ),
  rule('missing-program', 80, /env: [‘'“]?(?<it>[^\s’'”:]+)[’'”]?: No such file or directory$/),
  rule('missing-program', 79, /^g?make(?:\[\d+\])?: (?<it>[^\s:*]+): (?:No such file or directory|Command not found)$/),
  rule('missing-program', 79, /exec: "(?<it>[^"]+)": executable file not found in \$PATH/),
  rule('missing-program', 78, /: (?<it>[^\s:]+): bad interpreter: No such file or directory$/),
  rule('missing-program', 78, /unable to execute '?(?<it>[^':]+)'?: No such file or directory/),
  rule('missing-program', 64, /: (?:line )?\d+: (?<it>[^\s:]+): (?:command )?not found$/),
  rule('missing-program', 62, /^(?:\S+: )?(?<it>[^\s:]+): command not found$/),

  rule('network-denied', 67, /Could not resolve (?:host|proxy): (?<it>[^\s)]+)/),
  rule('network-denied', 66, /Could(?: not|n't) resolve (?:host|proxy)/),
  rule('network-denied', 67, /dial (?:tcp|udp)[^:]*: lookup (?<it>[^\s:]+)/),
  rule('network-denied', 67, /Failed to resolve '(?<it>[^']+)'/),
  rule(
    'network-denied',
    67,
    /(?:Temporary failure in name resolution|Name or service not known|Network is unreachable|No route to host)/,
  ),
  rule('network-denied', 67, /getaddrinfo (?:EAI_AGAIN|ENOTFOUND) (?<it>\S+)/),
  rule(
    'network-denied',
    66,
    /(?:EAI_AGAIN|Failed to establish a new connection|UnknownHostException|NewConnectionError)(?:: (?<it>[\w.-]+)$)?/,
  ),
  rule('network-denied', 65, /(?:failed to download|unable to access|download of \S+ failed)/),

  rule(
    'memory',
    83,
    /(?:virtual memory exhausted|memory exhausted|LLVM ERROR: out of memory|java\.lang\.OutOfMemoryError)/,
  ),
  rule(
    'memory',
    81,
    /^(?:MemoryError\b.*|fatal error: runtime: out of memory.*|.*memory allocation of \d+ bytes failed.*)$/,
    { before: 1 },
  ),
  rule('memory', 81, /std::bad_alloc/),
  rule('memory', 81, /(?:Out of memory: Killed process|oom-kill|[Cc]annot allocate memory)/),
  rule('memory', 58, /^(?:[^:]*: )?(?:line \d+: )?(?:\d+ +)?Killed\b|\(signal: 9, SIGKILL: kill\)/, {
    before: 1,
    after: 1,
  }),
  rule('memory', 57, /^g?make(?:\[\d+\])?: \*\*\* .*(?:Error 137|Killed)$/),
  rule('disk', 83, /No space left on device|Disk quota exceeded/),
  rule(
    'processes',
    83,
    /(?:Cannot fork|[Ff]ork(?::|\(\)|ing)? .*(?:Resource temporarily unavailable|failed)|pthread_create.*Resource temporarily unavailable)/,
  ),

  rule('unknown', 40, /\*\*\* (?:No rule to make target|missing separator|No targets specified).*/),
  rule('unknown', WEAK, /(?:^|[^\w-])(?:error|ERROR|Error)(?::|\b)(?! handling)/, { before: 1, last: true }),
  rule(
    'unknown',
    WEAK,
    /\b(?:fatal|aborting|failed|Failed|FAILED|cannot|can't|Permission denied|not permitted|refused|Segmentation fault|Aborted|core dumped)\b/,
    { before: 1, last: true },
  ),
  rule('unknown', WEAK, /: (?:No such file or directory|Is a directory|Not a directory|not found)$/, {
    before: 1,
    last: true,
  }),
]

/** Lines that name an error without being one. */
export const HARMLESS =
  /^(?:\+ |-- (?! +Package ')|checking (?:for|whether|if) |\[\s*\d+%\]|\s*(?:cc|gcc|g\+\+|c\+\+|clang|libtool:|\/usr\/bin\/\S*(?:cc|\+\+)) )|\bwarning: |\b(?:0|no) (?:errors?|failures?)\b|^ok \d|\bPASS(?:ED)?\b|^npm warn|with status 'error'$|^\s*note: /
