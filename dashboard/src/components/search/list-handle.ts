export const LIST_ID = 'search-list'

/** What the list below the field tells the field, which has the focus all the time. */
export interface ListHandle {
  /** Takes a key; false when it means nothing to the list. */
  onKey: (key: string) => boolean
}
