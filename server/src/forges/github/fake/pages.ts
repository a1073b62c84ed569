import type { Hub } from './hub.ts'
import type { ServePages } from './server.ts'

export function createPages(_hub: Hub): ServePages {
  return async () => ({ status: 404, headers: { 'content-type': 'text/plain' }, text: 'There is no such page.\n' })
}
