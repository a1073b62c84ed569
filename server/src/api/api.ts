import type { FastifyPluginAsync } from 'fastify'
import { accessRoutes } from './access.ts'
import { allowlistWriteRoutes } from './allowlist-writes.ts'
import { analysisRoutes } from './analyses.ts'
import { approvalRoutes } from './approvals.ts'
import { auditRoutes } from './audit.ts'
import { badgeRoutes } from './badge.ts'
import { buildRoutes } from './builds.ts'
import { compareRoutes } from './compare.ts'
import { deliveryRoutes } from './deliveries.ts'
import type { ApiDeps } from './deps.ts'
import { forgeSignInRoutes } from './forge-sign-in.ts'
import { kojiRoutes } from './koji.ts'
import { logRoutes } from './logs.ts'
import { testResultRoutes } from './notices.ts'
import { projectViewRoutes } from './project-views.ts'
import { projectRoutes, projectTriggerRoutes } from './projects.ts'
import { compileParameters } from './query.ts'
import { releaseRoutes } from './releases.ts'
import { runWriteRoutes } from './run-writes.ts'
import { runRoutes } from './runs.ts'
import { searchRoutes } from './search.ts'
import { serviceRoutes } from './service.ts'
import { sessionRoutes } from './sessions.ts'
import { type OpenStreams, streamRoutes } from './stream.ts'
import { testRoutes } from './tests.ts'
import { usageRoutes } from './usage.ts'

const ROUTES = [
  projectRoutes,
  projectTriggerRoutes,
  projectViewRoutes,
  badgeRoutes,
  searchRoutes,
  runRoutes,
  compareRoutes,
  buildRoutes,
  testRoutes,
  testResultRoutes,
  kojiRoutes,
  releaseRoutes,
  analysisRoutes,
  accessRoutes,
  sessionRoutes,
  forgeSignInRoutes,
  allowlistWriteRoutes,
  approvalRoutes,
  runWriteRoutes,
  deliveryRoutes,
  auditRoutes,
  usageRoutes,
  serviceRoutes,
]

/** All routes below `/api` but the webhooks. */
export const apiRoutes: FastifyPluginAsync<ApiDeps & { streams: OpenStreams; prefix?: string }> = async (
  app,
  { prefix: _own, ...deps },
) => {
  app.setValidatorCompiler(compileParameters)
  // answers are made by shape functions typed by the models, and tests hold them against the document: checking and
  // filtering each one again by its schema only costs time
  app.setSerializerCompiler(() => JSON.stringify)
  for (const routes of ROUTES) {
    await app.register(routes, deps)
  }
  await app.register(logRoutes, deps)
  await app.register(streamRoutes, deps)
}
