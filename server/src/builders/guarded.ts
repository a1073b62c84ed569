import type { Guard } from '../domain/backend.ts'
import type { Builder } from './builder.ts'

/** A builder that is left alone while it does not answer. Hints come all the same, and chroots may be known by heart. */
export function guardBuilder(builder: Builder, guard: Guard): Builder {
  const { sources } = builder
  return {
    ...(sources && {
      sources: {
        start: (wanted) => guard(() => sources.start(wanted)),
        find: (buildId, into) => guard(() => sources.find(buildId, into)),
      },
    }),
    name: builder.name,
    isRemote: builder.isRemote,
    findChroots: () => builder.findChroots(),
    startBuild: (build) => guard(() => builder.startBuild(build)),
    findTargets: (buildId, open) => guard(() => builder.findTargets(buildId, open)),
    cancelBuild: (buildId) => guard(() => builder.cancelBuild(buildId)),
    onChange: (listener) => builder.onChange(listener),
    // they are with another server, which may be away while this one answers
    ...(builder.liveLogs ? { liveLogs: builder.liveLogs } : {}),
  }
}
