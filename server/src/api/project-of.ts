import type { FastifyRequest } from 'fastify'
import {
  type AccessProject,
  findAccessProject,
  findProjectOfEvent,
  findProjectOfPipeline,
} from '../db/project-access.ts'
import type { ApiDeps } from './deps.ts'
import { notFound } from './errors.ts'

/** Whose project a write is about; `null` when it is about none on a forge. Throws 404 for what is not there. */
export type ProjectOf = (request: FastifyRequest, deps: Pick<ApiDeps, 'db'>) => Promise<AccessProject | null>

/** Of a route with the id of a pipeline. */
export const projectOfRun: ProjectOf = (request, { db }) =>
  there(idOf(request), (id) => findProjectOfPipeline(db, id), 'No run has been found in DB')

/** Of a route with the id of an event. */
export const projectOfEvent: ProjectOf = (request, { db }) =>
  there(idOf(request), (id) => findProjectOfEvent(db, id), 'No event has been found in DB')

/** Of a route that names the project itself. */
export const namedProject: ProjectOf = async (request, { db }) => {
  const { forge = '', namespace = '', repo = '' } = request.params as Record<string, string | undefined>
  const project = await findAccessProject(db, { forge, namespace, name: repo })
  if (!project) throw notFound('No info about project stored in DB')
  return project
}

/** Before parameters are checked, they are texts. */
function idOf({ params }: FastifyRequest): number {
  const { id = '' } = params as { id?: string }
  return /^\d{1,15}$/.test(id) ? Number(id) : 0
}

async function there<T>(id: number, find: (id: number) => Promise<T | undefined>, message: string): Promise<T> {
  const found = await find(id)
  if (found === undefined) throw notFound(message)
  return found
}
