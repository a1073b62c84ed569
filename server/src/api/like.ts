/**
 * The patterns of a search for projects, for ILIKE: part of `namespace/repo`, or, with `*` or `?`, the whole of
 * `namespace/repo` or of `repo`. Everything else is literal, `%`, `_` and `\` too.
 */
export function toLike(search: string): { path: string; name: string } {
  const literal = search.replace(/[\\%_]/g, '\\$&')
  if (!/[*?]/.test(search)) return { path: `%${literal}%`, name: `%${literal}%` }
  const whole = literal.replaceAll('*', '%').replaceAll('?', '_')
  return { path: whole, name: whole }
}
