const NAME = /--pf-[\w-]+/g

/**
 * Gives PatternFly's custom properties short names, the same in all sheets: `--pf-v6-c-table--cell--FontSize` becomes
 * `--_a7`. Names that the code itself uses stay.
 *
 * @param sheets  the text of all style sheets
 * @param code    the text of all scripts
 * @returns       the sheets in the same order
 */
export function shortNames(sheets: readonly string[], code: string): string[] {
  const kept = new Set(code.match(NAME))
  const counts = new Map<string, number>()
  for (const sheet of sheets) for (const [name] of sheet.matchAll(NAME)) counts.set(name, (counts.get(name) ?? 0) + 1)
  const names = [...counts].filter(([name]) => !kept.has(name)).sort((a, b) => b[1] - a[1])
  const short = new Map(names.map(([name], index) => [name, `--_${index.toString(36)}`]))
  return sheets.map((sheet) => sheet.replace(NAME, (name) => short.get(name) ?? name))
}
