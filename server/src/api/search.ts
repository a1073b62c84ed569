import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'
import { search } from '../db/read-search.ts'
import { parseSearch } from '../domain/search.ts'
import { notModified, problem, refusals } from './answers.ts'
import type { ApiDeps } from './deps.ts'
import { ref } from './models/common.ts'
import { SearchResult } from './models/search.ts'
import { toSearchResult } from './shapes/search.ts'

const DESCRIPTION = `Projects by part of namespace/repo, or a pattern of it (or of repo) with * and ?; pull requests by part of their
title or author, by number (#41, 41) or with their project (acme/hello#41); commits by the first four digits of their hash or
more; packages by part of their name or NVR. The address of a project or pull request on its forge works too. In each kind
what is called exactly so comes before what begins so, and that before the rest; among equals the newest is first. Quick
enough to be asked for with each letter; with fewer than three letters or digits in a row, only projects whose name or
namespace begins so, whole numbers and whole names of packages are found. Private projects are left out.`

/** One search over everything that has a name. */
export const searchRoutes: FastifyPluginAsyncTypebox<ApiDeps> = async (app, { db }) => {
  app.get(
    '/search',
    {
      schema: {
        operationId: 'search',
        summary: 'Projects, pull requests, commits and packages',
        description: DESCRIPTION.replaceAll('\n', ' '),
        tags: ['search'],
        querystring: Type.Object({
          q: Type.Optional(
            Type.String({
              description: 'What to look for; nothing finds nothing',
              pattern: '^[^\\u0000]*$',
              maxLength: 300,
              default: '',
              examples: ['hello', 'acme/hello#41', 'a1b2c3d'],
            }),
          ),
          limit: Type.Optional(Type.Integer({ description: 'Hits of each kind', minimum: 1, maximum: 20, default: 5 })),
        }),
        response: { 200: ref(SearchResult), 304: notModified, 400: problem('A parameter is wrong'), ...refusals },
      },
    },
    async ({ query }) => toSearchResult(await search(db, parseSearch(query.q ?? ''), query.limit ?? 5)),
  )
}
