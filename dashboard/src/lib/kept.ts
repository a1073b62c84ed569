import { useSyncExternalStore } from 'react'

/**
 * A short list that stays in this browser (`localStorage`), the same in all its tabs. Where storage is forbidden or full
 * the list lasts as long as the page.
 */
export class KeptList<T> {
  private readonly key: string
  private readonly parse: (stored: unknown) => T[]
  private readonly watchers = new Set<() => void>()
  private list: readonly T[] | null = null

  /**
   * @param key    its name in the storage
   * @param parse  what of something stored, by whatever version of the pages, is still understood; never throws
   */
  constructor(key: string, parse: (stored: unknown) => T[]) {
    this.key = key
    this.parse = parse
  }

  get = (): readonly T[] => {
    this.list ??= this.read()
    return this.list
  }

  set(list: readonly T[]): void {
    this.list = list
    try {
      localStorage.setItem(this.key, JSON.stringify(list))
    } catch {
      // storage may be forbidden or full
    }
    this.tell()
  }

  watch = (watcher: () => void): (() => void) => {
    if (this.watchers.size === 0) window.addEventListener('storage', this.changedElsewhere)
    this.watchers.add(watcher)
    return () => {
      this.watchers.delete(watcher)
      if (this.watchers.size === 0) window.removeEventListener('storage', this.changedElsewhere)
    }
  }

  private changedElsewhere = (event: StorageEvent): void => {
    // no key: everything was taken away
    if (event.key !== null && event.key !== this.key) return
    this.list = null
    this.tell()
  }

  private tell(): void {
    for (const watcher of this.watchers) watcher()
  }

  private read(): T[] {
    try {
      return this.parse(JSON.parse(localStorage.getItem(this.key) ?? '[]'))
    } catch {
      return []
    }
  }
}

export function useKept<T>(list: KeptList<T>): readonly T[] {
  return useSyncExternalStore(list.watch, list.get)
}
