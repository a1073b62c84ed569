import type { FastifyPluginAsync } from 'fastify'
import { buildRoutes, srpmBuildRoutes } from './builds.ts'
import type { ApiDeps } from './deps.ts'
import { logRoutes } from './logs.ts'
import { projectRoutes, projectTriggerRoutes } from './projects.ts'
import { compileParameters } from './query.ts'
import { runRoutes } from './runs.ts'
import { serviceRoutes } from './service.ts'
import { type OpenStreams, streamRoutes } from './stream.ts'
import { usageRoutes } from './usage.ts'

/** All routes that read, below `/api`. */
export const apiRoutes: FastifyPluginAsync<ApiDeps & { streams: OpenStreams; prefix?: string }> = async (
  app,
  { prefix: _own, ...deps },
) => {
  app.setValidatorCompiler(compileParameters)
  // answers are made by shape functions typed by the models, and tests hold them against the document: checking and
  // filtering each one again by its schema only costs time
  app.setSerializerCompiler(() => JSON.stringify)
  for (const routes of [projectRoutes, projectTriggerRoutes, srpmBuildRoutes, buildRoutes, runRoutes, serviceRoutes]) {
    await app.register(routes, deps)
  }
  await app.register(usageRoutes, deps)
  await app.register(logRoutes, deps)
  await app.register(streamRoutes, deps)
}
