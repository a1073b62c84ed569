/** What the address of a list says: filters, order and page, in the words of the API. Texts as they were typed. */
export type ListSearch = {
  page?: number | undefined
  per_page?: number | undefined
  order?: 'asc' | 'desc' | undefined
  status?: string | undefined
  /** `forge/namespace/repo` */
  project?: string | undefined
  pr?: number | undefined
  branch?: string | undefined
  release?: string | undefined
  commit?: string | undefined
  package?: string | undefined
  target?: string | undefined
  /** Days, `YYYY-MM-DD`. */
  since?: string | undefined
  until?: string | undefined
}

export const PAGE_SIZES = [10, 20, 50, 100] as const

const TEXTS = ['status', 'project', 'branch', 'release', 'commit', 'package', 'target'] as const
const DAYS = ['since', 'until'] as const
const FILTERS = [...TEXTS, ...DAYS, 'pr'] as const
export type FilterName = (typeof FILTERS)[number]

/** The search of a list out of an address; what can't be meant is left out. */
export function readListSearch(raw: Record<string, unknown>): ListSearch {
  const found: ListSearch = {}
  for (const name of TEXTS) if (typeof raw[name] === 'string' && raw[name] !== '') found[name] = raw[name]
  for (const name of DAYS) if (/^\d{4}-\d{2}-\d{2}$/.test(String(raw[name]))) found[name] = String(raw[name])
  for (const name of ['page', 'pr'] as const) {
    const value = Number(raw[name])
    if (Number.isSafeInteger(value) && value > 0) found[name] = value
  }
  const size = PAGE_SIZES.find((each) => String(each) === String(raw.per_page))
  if (size !== undefined) found.per_page = size
  if (raw.order === 'asc') found.order = 'asc'
  return found
}

/** The filters among it that are set, in the order in which they are shown. */
export function filtersOf(search: ListSearch): FilterName[] {
  return FILTERS.filter((name) => search[name] !== undefined)
}
