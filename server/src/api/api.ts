import type { FastifyPluginAsync } from 'fastify'
import { auditRoutes } from './audit.ts'
import { buildRoutes, srpmBuildRoutes } from './builds.ts'
import { deliveryRoutes } from './deliveries.ts'
import type { ApiDeps } from './deps.ts'
import { logRoutes } from './logs.ts'
import { projectRoutes, projectTriggerRoutes } from './projects.ts'
import { compileParameters } from './query.ts'
import { runWriteRoutes } from './run-writes.ts'
import { runRoutes } from './runs.ts'
import { serviceRoutes } from './service.ts'
import { type OpenStreams, streamRoutes } from './stream.ts'

/** All routes below `/api` but the webhooks. */
export const apiRoutes: FastifyPluginAsync<ApiDeps & { streams: OpenStreams; prefix?: string }> = async (
  app,
  { prefix: _own, ...deps },
) => {
  app.setValidatorCompiler(compileParameters)
  // answers are made by shape functions typed by the models, and tests hold them against the document: checking and
  // filtering each one again by its schema only costs time
  app.setSerializerCompiler(() => JSON.stringify)
  const reading = [projectRoutes, projectTriggerRoutes, srpmBuildRoutes, buildRoutes, runRoutes, serviceRoutes]
  for (const routes of [...reading, auditRoutes, runWriteRoutes, deliveryRoutes]) await app.register(routes, deps)
  await app.register(logRoutes, deps)
  await app.register(streamRoutes, deps)
}
