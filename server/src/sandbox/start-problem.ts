/** The programs of the chain that starts a sandbox, and what follows their name in a message of theirs. */
const CHAIN = /^(sh|nice|setpriv|choom|bwrap|prlimit): /

/** What helps, by what the message says. */
const ADVICE: readonly [says: RegExp, advice: string][] = [
  [/Unknown option/i, 'install bubblewrap 0.8 or newer'],
  [/No such file|not found/, 'install bubblewrap and util-linux (apt-get install bubblewrap, dnf install bubblewrap)'],
  [
    /namespace|uid map|gid map|Operation not permitted|Permission denied|setres[ug]id/,
    'allow unprivileged user namespaces (sysctl user.max_user_namespaces, kernel.unprivileged_userns_clone=1 on Debian, ' +
      'kernel.apparmor_restrict_unprivileged_userns=0 on Ubuntu; in a container its seccomp profile must permit them)',
  ],
]

/**
 * Why a sandbox could not be made, and what to do.
 *
 * @param line  the first line that was printed, before any program of ours ran
 * @returns undefined when it is a message of something else
 */
export function explainStart(line: string): string | undefined {
  if (line !== '' && !CHAIN.test(line)) return undefined
  const said = line || 'nice: not found'
  const advice = ADVICE.find(([says]) => says.test(said))?.[1] ?? 'see docs/security.md'
  return `no sandbox here: ${said}; do: ${advice}`
}
