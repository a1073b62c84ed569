import type { FastifyPluginAsync, FastifyReply } from 'fastify'
import Type from 'typebox'
import {
  type AllowlistRow,
  findAllowlistEntry,
  findInstallation,
  type InstallationRow,
  listAllowlist,
  listInstallations,
} from '../db/read-access.ts'
import { notModified, problem, refusals } from './answers.ts'
import type { ApiDeps } from './deps.ts'
import { type AllowlistEntry, AllowlistEntry as AllowlistModel, Installation } from './models/access.ts'
import { ref, text } from './models/common.ts'
import { type PagingQuery, sendPage, toWindow, WholePaging } from './paged.ts'
import { ById } from './query.ts'

const tags = ['access']
const nothing = Type.Null({ description: 'Not known' })
const whole = <T extends Parameters<typeof Type.Array>[0]>(entry: T) => ({
  200: Type.Array(entry),
  304: notModified,
  400: problem('A parameter is wrong'),
  ...refusals,
})
const description = 'The whole list; with page, per_page or after a part of it.'

/** Who may start work, and who has the GitHub App installed. */
export const accessRoutes: FastifyPluginAsync<ApiDeps> = async (app, { db }) => {
  app.get(
    '/allowlist',
    {
      schema: {
        operationId: 'listAllowlist',
        summary: 'Namespaces and repositories that may start work, or may not',
        description,
        tags,
        querystring: Type.Object(WholePaging),
        response: whole(ref(AllowlistModel)),
      },
    },
    async (request, reply) => {
      const found = await listAllowlist(db, toWindow(request.query as PagingQuery, MOST))
      return sendPage(request, reply, { unit: 'allowlist', whole: MOST, found, toEntry: toAllowlistEntry })
    },
  )

  app.get(
    '/allowlist/:namespace',
    {
      schema: {
        operationId: 'getAllowlistEntry',
        summary: 'The entry of a namespace, or of a repository (with .git at the end)',
        tags,
        params: Type.Object({ namespace: text('forge/namespace; slashes may be written as %2F') }),
        response: { 200: ref(AllowlistModel), 204: nothing, 304: notModified, ...refusals },
      },
    },
    async (request, reply) => {
      const { namespace } = request.params as { namespace: string }
      const found = await findAllowlistEntry(db, namespace)
      return found ? toAllowlistEntry(found) : sendNothing(reply)
    },
  )

  app.get(
    '/installations',
    {
      schema: {
        operationId: 'listInstallations',
        summary: 'Accounts that have the GitHub App installed',
        description,
        tags,
        querystring: Type.Object(WholePaging),
        response: whole(ref(Installation)),
      },
    },
    async (request, reply) => {
      const found = await listInstallations(db, toWindow(request.query as PagingQuery, MOST))
      return sendPage(request, reply, { unit: 'installations', whole: MOST, found, toEntry: toInstallation })
    },
  )

  app.get(
    '/installations/:id',
    {
      schema: {
        operationId: 'getInstallation',
        summary: 'An account that has the GitHub App installed',
        tags,
        params: ById,
        response: { 200: ref(Installation), 204: nothing, 304: notModified, 404: problem('No id'), ...refusals },
      },
    },
    async (request, reply) => {
      const found = await findInstallation(db, (request.params as { id: number }).id)
      return found ? toInstallation(found) : sendNothing(reply)
    },
  )
}

/** A list that older clients take as a whole is given up to here. */
const MOST = 10_000

/** What the contract answers for an entry that is not there. */
function sendNothing(reply: FastifyReply): FastifyReply {
  return reply.code(204).send()
}

function toAllowlistEntry({ namespace, status, fasAccount }: AllowlistRow): AllowlistEntry {
  return { namespace, status: status as AllowlistEntry['status'], fas_account: fasAccount }
}

function toInstallation(row: InstallationRow): Installation {
  return {
    account_login: row.accountLogin,
    account_id: row.accountId,
    account_type: row.accountType,
    account_url: row.accountUrl,
    sender_login: row.senderLogin,
    sender_id: row.senderId,
    created_at: toOldTime(row.createdAt),
    id: row.id,
  }
}

/** `04/05/2026 10:00:00`: the one time of the contract that is a text; null as in `toEpoch`. */
function toOldTime(seconds: number): string | null {
  if (seconds === 0) return null
  const [date = '', time = ''] = new Date(seconds * 1000).toISOString().split('T')
  return `${date.split('-').reverse().join('/')} ${time.slice(0, 8)}`
}
