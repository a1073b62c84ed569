/** The parts of a request that `tf_extra_params` may change. */
const PARTS = ['environments', 'test', 'settings'] as const

type Json = Record<string, unknown>

/**
 * Merges `tf_extra_params` over a request: objects member by member, lists place by place, lists of artifacts by adding,
 * anything else by replacing. What is not below `environments`, `test` or `settings` is left out: nobody shall redirect the
 * notification.
 */
export function mergeExtra<T extends Json>(body: T, extra: Json): T {
  const merged: Json = { ...body }
  for (const part of PARTS) {
    const given = part === 'test' ? underOneName(extra[part]) : extra[part]
    if (given !== undefined && given !== null) merged[part] = merge(merged[part], given, part)
  }
  return merged as T
}

/** The machine that `tf_extra_params` asks for instead of the target's own. */
export function namedPlace({ environments }: Json): { compose?: string; arch?: string } {
  const first: unknown = Array.isArray(environments) ? environments[0] : undefined
  if (!isObject(first)) return {}
  const compose = isObject(first.os) ? first.os.compose : undefined
  return {
    ...(typeof compose === 'string' ? { compose } : {}),
    ...(typeof first.arch === 'string' ? { arch: first.arch } : {}),
  }
}

/** `tmt` is the newer spelling of `fmf`; a request with both is refused. */
function underOneName(test: unknown): unknown {
  if (!isObject(test) || test.tmt === undefined) return test
  const { tmt, ...rest } = test
  return { ...rest, fmf: merge(rest.fmf, tmt, 'fmf') }
}

function merge(old: unknown, given: unknown, key: string): unknown {
  if (Array.isArray(old) && Array.isArray(given)) {
    if (key === 'artifacts') return [...old, ...given]
    const longest = Math.max(old.length, given.length)
    return Array.from({ length: longest }, (_, i) => (i < given.length ? merge(old[i], given[i], '') : old[i]))
  }
  if (!isObject(old) || !isObject(given)) return given
  const merged: Json = { ...old }
  for (const [name, value] of Object.entries(given)) {
    if (name !== '__proto__') merged[name] = merge(old[name], value, name)
  }
  return merged
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
