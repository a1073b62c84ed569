/** The kinds whose lines don't say by themselves what to do. */
const HINTS: Record<string, string> = {
  'missing-build-requires': 'Add the missing package to BuildRequires, or correct its name for this chroot.',
  'prep-patch': 'The patch no longer applies to these sources: rebase it, or drop it if the change is upstream by now.',
  compiler: 'The first error is the one to mend: later ones often follow from it.',
  linker: 'A library is missing, or no longer has what the program wants of it.',
  check: 'The package was built, but its tests failed.',
  'unpackaged-files': 'Name the files in %files, or remove them at the end of %install.',
  'missing-files': '%files names something that %install did not make.',
  'time-out': 'The step ran into its time limit: look for what hangs, or ask for a higher limit.',
  memory: 'The step ran into its memory limit: fewer parallel jobs need less.',
  disk: 'The step filled the room it was given.',
  processes: 'The step started more processes than it may: build with fewer at a time.',
  'log-limit': 'The step wrote more than a log may hold.',
  action: 'One of the actions in the configuration ended with an error.',
  'merge-conflict': 'Merge the base branch into the change and solve the conflict: the push starts a new run.',
  'source-missing': 'A source could not be fetched: look at its address in the spec file.',
  'missing-program':
    'This machine lacks the program. The change may be fine: ask whoever runs this service to install it.',
  'macro-undefined':
    'This machine lacks the macro. The change may be fine: ask whoever runs this service to install its package.',
  'network-denied': 'Builds have no network: put what they fetch among the sources.',
  changelog: 'The %changelog has an entry that rpm does not understand.',
  'test-runner': 'The test runner broke, not the change: the tests can be run again as they are.',
  architecture: 'The package excludes this architecture: leave its chroots out of the targets.',
}

/** One sentence on what to do about this kind of failure; null when the lines speak for themselves. */
export function hintFor(kind: string): string | null {
  return HINTS[kind] ?? null
}

export interface Reproducible {
  project_url: string | null
  pr: number | null
  ref: string | null
}

/** The command that does the same run on the reader's own machine; null when the source isn't known. */
export function tryCommand({ project_url, pr, ref }: Reproducible): string | null {
  if (!project_url) return null
  const what = pr !== null ? ` --pr ${pr}` : ref ? ` --head ${shellWord(ref)}` : ''
  return `npx packit-service try ${shellWord(project_url)}${what}`
}

/** A word as a shell reads it: quoted as soon as it holds anything unusual. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./~-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
