/** Rows on one page of a list. */
export const PER_PAGE = 20

/** What of a list's address means something else to the API; the rest goes there as it is. */
export interface ListFilter {
  per_page?: number | undefined
  status?: string | undefined
  /** Days where the reader is, `YYYY-MM-DD`; `until` includes its day. */
  since?: string | undefined
  until?: string | undefined
  /** Filters by their names in the API. */
  [name: string]: string | number | undefined
}

/** The parameters that the API is asked with: of days the instants at which they begin and end. */
export function asked({ since, until, ...filter }: ListFilter): Record<string, string | number> {
  const all = {
    per_page: PER_PAGE,
    ...filter,
    since: since === undefined ? undefined : String(midnight(since, 0)),
    until: until === undefined ? undefined : String(midnight(until, 1) - 1),
  }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as Record<
    string,
    string | number
  >
}

/** Epoch seconds of the midnight that so many days after a day begins with. */
function midnight(day: string, days: number): number {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  return new Date(year, month - 1, date + days).getTime() / 1000
}
