/** What `rpm --install --test` says, sorted. */
export interface RpmTest {
  missing: { need: string; by: string }[]
  conflicts: string[]
}

/**
 * Reads the messages of `rpm --install --test` in the C locale, e.g.
 * `libfoo.so.1()(64bit) is needed by hello-1.0-1.x86_64` and
 * `file /usr/bin/hello conflicts between attempted installs of a-1-1.x86_64 and b-1-1.x86_64`.
 */
export function readRpmTest(output: string): RpmTest {
  const missing: RpmTest['missing'] = []
  const conflicts: string[] = []
  for (const line of output.split('\n').map((one) => one.trim())) {
    const [, need, by] = /^(.+) is needed by (?:\(installed\) )?(\S+)$/.exec(line) ?? []
    if (need !== undefined && by !== undefined) missing.push({ need, by })
    else if (/ conflicts (with|between) | is obsoleted by /.test(line))
      conflicts.push(line.replace(/^(error|warning): /, ''))
  }
  return { missing, conflicts }
}
