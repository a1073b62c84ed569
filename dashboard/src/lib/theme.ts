import { useSyncExternalStore } from 'react'

const DARK_CLASS = 'pf-v6-theme-dark'
const watchers = new Set<() => void>()

export type Theme = 'dark' | 'light'

function current(): Theme {
  return document.documentElement.classList.contains(DARK_CLASS) ? 'dark' : 'light'
}

function apply(theme: Theme): void {
  document.documentElement.classList.toggle(DARK_CLASS, theme === 'dark')
  for (const watcher of watchers) watcher()
}

function stored(): string | null {
  try {
    return localStorage.getItem('theme')
  } catch {
    return null
  }
}

/** Follows the system until the reader has chosen. `public/theme.js` does the same before the first paint. */
export function followSystemTheme(): void {
  const system = matchMedia('(prefers-color-scheme: dark)')
  system.addEventListener('change', () => {
    if (stored() === null) apply(system.matches ? 'dark' : 'light')
  })
}

/** Keeps the reader's choice; one that equals the system's is no choice, so that the page follows it again. */
export function chooseTheme(theme: Theme): void {
  const system: Theme = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
  try {
    if (theme === system) localStorage.removeItem('theme')
    else localStorage.setItem('theme', theme)
  } catch {
    // storage may be forbidden: the choice then lasts as long as the page
  }
  apply(theme)
}

export function useTheme(): Theme {
  return useSyncExternalStore((watcher) => {
    watchers.add(watcher)
    return () => watchers.delete(watcher)
  }, current)
}
