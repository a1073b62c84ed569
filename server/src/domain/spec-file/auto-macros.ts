/**
 * Whether `Release` is made by `%autorelease` and the changelog by `%autochangelog`, in any spelling that expands the macro
 * (`%x`, `%{x}`, `%{?x}`). A test for the macro (`%{!?x:…}`), an escaped `%%x` and comments don't count.
 *
 * @param changelog  content of the section, null when there is none
 */
export function findAutoMacros(
  release: string,
  changelog: string | null,
): { autorelease: boolean; autochangelog: boolean } {
  return { autorelease: expands(release, 'autorelease'), autochangelog: expands(changelog ?? '', 'autochangelog') }
}

function expands(text: string, macro: string): boolean {
  const spelling = new RegExp(`(?<!%)(?:%%)*%(?:\\?*${macro}(?!\\w)|\\{\\?+${macro}\\}|\\{${macro}(?!\\w))`)
  return text.split('\n').some((line) => !/^\s*#/.test(line) && spelling.test(line))
}
