import type { Guard } from '../domain/backend.ts'
import type { Builder } from './builder.ts'

/** A builder that is left alone while it does not answer. Hints come all the same, and chroots may be known by heart. */
export function guardBuilder(builder: Builder, guard: Guard): Builder {
  return {
    name: builder.name,
    findChroots: () => builder.findChroots(),
    startBuild: (build) => guard(() => builder.startBuild(build)),
    findTargets: (buildId) => guard(() => builder.findTargets(buildId)),
    cancelBuild: (buildId) => guard(() => builder.cancelBuild(buildId)),
    onChange: (listener) => builder.onChange(listener),
  }
}
