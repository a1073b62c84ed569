import { KeptList } from './kept.ts'

/** Something one looked at, or looked for, and may want again. */
export interface Recent {
  label: string
  detail: string | null
  /** Path of its page, without the prefix; null: the label is what was searched for. */
  page: string | null
}

export const MOST_RECENT = 8
const LONGEST = 200

/** What was visited and searched, the newest first. */
export const recent = new KeptList<Recent>('recent', readRecent)

/** The list with it in front, once. Of too many the oldest goes. */
export function remember(list: readonly Recent[], { label, detail, page }: Recent): Recent[] {
  const short: Recent = { label: label.slice(0, LONGEST), detail: detail?.slice(0, LONGEST) ?? null, page }
  const others = list.filter((each) => (page === null ? each.label !== short.label : each.page !== page))
  return [short, ...others].slice(0, MOST_RECENT)
}

/** The good entries of whatever was stored. A page is one of ours: nothing else may be led to. */
export function readRecent(stored: unknown): Recent[] {
  if (!Array.isArray(stored)) return []
  const found: Recent[] = []
  for (const each of stored.slice(0, MOST_RECENT)) {
    const { label, detail, page } = (each ?? {}) as { label?: unknown; detail?: unknown; page?: unknown }
    if (typeof label !== 'string' || label === '') continue
    const ours = typeof page === 'string' && /^\/(?![/\\])/.test(page)
    if (page !== null && !ours) continue
    found.push({ label, detail: typeof detail === 'string' ? detail : null, page: ours ? page : null })
  }
  return found
}
