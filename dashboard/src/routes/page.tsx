import { type ComponentType, lazy, type ReactNode } from 'react'

/** A page that is loaded when it is first looked at, or when somebody points at a link to it. */
export function lazyPage<Props extends object>(load: () => Promise<ComponentType<Props>>) {
  let loading: Promise<{ default: ComponentType<Props> }> | undefined
  const once = () => {
    loading ??= load().then((page) => ({ default: page }))
    // what could not be loaded (a new version was installed meanwhile) is asked for again
    loading.catch(() => {
      loading = undefined
    })
    return loading
  }
  return Object.assign(lazy(once), { preload: once })
}

/** Gives a route's component the preloading of the page in it. */
export function preloading(page: { preload: () => Promise<unknown> }, component: () => ReactNode) {
  return Object.assign(component, {
    preload: async () => {
      await page.preload()
    },
  })
}

export type Raw = Record<string, unknown>

export function textOf<K extends string>(raw: Raw, key: K): { [key in K]?: string | undefined } {
  const value = raw[key]
  return (typeof value === 'string' && value !== '' ? { [key]: value } : {}) as { [key in K]?: string | undefined }
}

/** A whole number from 1 on; anything else counts as not given. */
export function numberOf<K extends string>(raw: Raw, key: K): { [key in K]?: number | undefined } {
  const value = Number(raw[key])
  return (Number.isSafeInteger(value) && value > 0 ? { [key]: value } : {}) as { [key in K]?: number | undefined }
}

export function wordOf<K extends string, W extends string>(
  raw: Raw,
  key: K,
  words: readonly W[],
): { [key in K]?: W | undefined } {
  const value = words.find((word) => word === raw[key])
  return (value === undefined ? {} : { [key]: value }) as { [key in K]?: W | undefined }
}
