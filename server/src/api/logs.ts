import { Readable } from 'node:stream'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply } from 'fastify'
import Type, { type Static } from 'typebox'
import { findLog, type LogRow } from '../db/read-builds.ts'
import { hasEnded } from '../domain/status.ts'
import { notModified, problem, refusals } from './answers.ts'
import { type ByteRange, MAX_PART_BYTES, parseRange } from './byte-range.ts'
import type { ApiDeps } from './deps.ts'
import { ApiError, notFound } from './errors.ts'
import { BLOCK_BYTES, LogIndexes } from './log-index.ts'
import { ref } from './models/common.ts'
import { LogIndex } from './models/logs.ts'
import { ById, natural } from './query.ts'
import { readChunks } from './read-chunks.ts'
import { toState } from './shapes/status.ts'

const From = Type.Object({
  from: Type.Optional(natural('Offset in bytes: the log from there on; nothing behind its end')),
})
const body = (description: string) => ({
  description: `${description}. X-Log-State says "open" while it may grow, then "complete"; X-Log-Size is its size now.`,
  content: { 'text/plain': { schema: Type.String() } },
})
const response = {
  200: body('The whole log'),
  206: body('The part that was asked for (Range or from), at most 8 MB; Content-Range tells which'),
  400: problem('A parameter is wrong'),
  404: problem('There is no such log'),
  416: problem('The part begins after the end of the log; Content-Range tells its size'),
  ...refusals,
}

type Store = ApiDeps['storage']

/** Logs as text, whole or by parts, also while they grow. */
export const logRoutes: FastifyPluginAsyncTypebox<ApiDeps> = async (app, { db, storage }) => {
  const kinds = [
    { step: 'srpm', path: '/srpm-builds/:id/log', name: 'SrpmLog', summary: 'Log of an SRPM' },
    { step: 'build', path: '/copr-builds/:id/log', name: 'BuildLog', summary: 'Log of an RPM build' },
    { step: 'test', path: '/testing-farm/:id/log', name: 'TestLog', summary: 'Log of tests on one target' },
  ] as const
  const indexes = new LogIndexes(storage)
  for (const { step, path, name, summary } of kinds) {
    const operationId = `get${name}`
    const schema = { operationId, summary, tags: ['logs'], params: ById, querystring: From, response }
    app.get(path, { schema }, async (request, reply) => {
      const log = await findLog(db, step, request.params.id)
      if (!log) throw notFound('No info about build stored in DB')
      const { from } = request.query
      const asked = from === undefined ? parseRange(request.headers.range) : { start: from, length: MAX_PART_BYTES }
      return sendLog(reply, log, { storage, asked, emptyAtEnd: from !== undefined })
    })
    const ofIndex = {
      operationId: `get${name}Index`,
      summary: `${summary}: where its lines begin`,
      description: 'For readers of a part in the middle of a big log: which lines are in which bytes.',
      tags: ['logs'],
      params: ById,
      response: { 200: ref(LogIndex), 304: notModified, 404: response[404], ...refusals },
    }
    app.get(`${path}/index`, { schema: ofIndex }, async (request, reply) => {
      const log = await findLog(db, step, request.params.id)
      if (!log) throw notFound('No info about build stored in DB')
      return sendIndex(reply, log, indexes)
    })
  }
}

async function sendIndex(reply: FastifyReply, log: LogRow, indexes: LogIndexes): Promise<Static<typeof LogIndex>> {
  const isOpen = !hasEnded(toState(log))
  const found = log.logKey === null ? undefined : await indexes.find(log.logKey)
  if (!found && !isOpen) throw missingLog(log)
  reply.header('cache-control', isOpen ? 'no-store' : 'public, max-age=31536000, immutable')
  const { size, firstLines } = found ?? { size: 0, firstLines: [1] }
  return { size, complete: !isOpen, block_bytes: BLOCK_BYTES, first_lines: [...firstLines] }
}

interface Asked {
  storage: Store
  asked: ByteRange | 'unsatisfiable' | undefined
  /** Whoever reads on from where they stopped gets an empty text at the end, no error. */
  emptyAtEnd: boolean
}

async function sendLog(reply: FastifyReply, log: LogRow, { storage, asked, emptyAtEnd }: Asked): Promise<FastifyReply> {
  const isOpen = !hasEnded(toState(log))
  const part = asked === undefined || asked === 'unsatisfiable' ? { start: 0, length: 0 } : asked
  const found = log.logKey === null ? undefined : await storage.range(log.logKey, part.start, part.length)
  if (!found && !isOpen) throw missingLog(log)
  const { data, start, size } = found ?? { data: Buffer.alloc(0), start: 0, size: 0 }
  reply.type('text/plain; charset=utf-8').header('accept-ranges', 'bytes').header('x-log-size', size)
  reply.header('x-log-state', isOpen ? 'open' : 'complete')
  reply.header('cache-control', isOpen ? 'no-store' : 'public, max-age=31536000, immutable')
  if (asked === undefined) return sendWhole(reply, log.logKey, storage, size)
  if (data.length > 0) {
    return reply
      .code(206)
      .header('content-range', `bytes ${start}-${start + data.length - 1}/${size}`)
      .send(data)
  }
  // who reads on from where they stopped, or asks for the first part of a log that was just begun, makes no mistake
  if (emptyAtEnd || (part.start === 0 && size === 0)) return reply.code(200).send('')
  throw new ApiError(416, `The log has ${size} bytes: the part asked for lies past its end.`, undefined, {
    'content-range': `bytes */${size}`,
  })
}

function sendWhole(reply: FastifyReply, key: string | null, storage: Store, size: number): FastifyReply {
  if (key === null || size === 0) return reply.send('')
  return reply.send(Readable.from(readChunks(storage, key, { start: 0, end: size })))
}

function missingLog({ logsUrl, logKey }: LogRow): ApiError {
  if (logsUrl) return notFound(`The log is not kept here: see ${logsUrl}`)
  return notFound(logKey === null ? 'This step has no log' : 'The log has expired')
}
