/** Asks rpm which of the macros it knows, for `standInsFor`. */
export const STAND_IN_PROBE = ['--eval', '%{?autorelease:release}-%{?autochangelog:changelog}'] as const

/**
 * Stand-ins for macros that only Fedora has: without them a spec file that uses them gets their text for a release, or
 * isn't parsed at all.
 *
 * @param known  what `rpm` printed for `STAND_IN_PROBE`
 * @returns      options of rpm and rpmbuild
 */
export function standInsFor(known: string): string[] {
  return [
    ...(known.includes('release') ? [] : ['--define', 'autorelease(e:s:pb:n) 1%{?dist}']),
    ...(known.includes('changelog') ? [] : ['--define', 'autochangelog %{nil}']),
  ]
}
