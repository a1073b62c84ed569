import type { Setting } from './setting.ts'
import { BUILDS } from './settings/builds.ts'
import { FORGES } from './settings/forges.ts'
import { OPERATION } from './settings/operation.ts'
import { OTHERS } from './settings/others.ts'
import { SERVICE } from './settings/service.ts'

/** Every setting the service reads, in the order of the documentation. */
export const SETTINGS = [
  ...SERVICE,
  ...FORGES,
  ...BUILDS,
  ...OPERATION,
  ...OTHERS,
  {
    name: 'PACKIT_LOG_LEVEL',
    expects: 'debug, info, warn, error or silent',
    default: 'info',
    about: 'What the service log holds.',
  },
] as const satisfies readonly Setting[]
