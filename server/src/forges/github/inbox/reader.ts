import type { Fields } from '../../../domain/fields.ts'
import type { ForgeEvent } from '../../../domain/forge-event.ts'

/** By what deliveries tell that something is of our own App; null as long as that is not known. */
export interface OwnApp {
  appId: number | null
  slug: string | null
}

/** What a delivery says, before anything of it is read. */
export interface Told {
  body: Fields
  action: string | null
  own: OwnApp
}

/**
 * Reads one kind of deliveries.
 *
 * @returns the event, or why it is not wanted: a sentence for packagers
 * @throws {DeliveryError} naming a field that is missing or wrong
 */
export type Reader = (told: Told) => ForgeEvent | string

/** `undefined` for an action that we have no word for, whatever text it is. */
export function wordOf<T>(words: Readonly<Record<string, T>>, action: string | null): T | undefined {
  return action !== null && Object.hasOwn(words, action) ? words[action] : undefined
}

export function unusedAction(action: string | null, what: string): string {
  return `the service does not use the action ${JSON.stringify(action)} of ${what}`
}

/** Deliveries of an App name its installation, those of a repository's webhook none. */
export function installationOf(body: Fields): number | undefined {
  return body.has('installation') ? body.object('installation').integer('id') : undefined
}
