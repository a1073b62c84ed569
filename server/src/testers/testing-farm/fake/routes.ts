import { RANCH_ARCHES, type Ranch } from '../composes.ts'
import { checkBody } from './check-body.ts'
import type { FakeTestingFarm } from './fake-testing-farm.ts'
import { type FakeRequest, type Json, toAnswer, tokenId, withoutZone } from './requests.ts'

export interface FakeCall {
  method: string
  url: URL
  authorization: string | undefined
  body: string
}

export interface FakeAnswer {
  status: number
  body?: unknown
  type?: string
}

type Caller = Ranch | 'expired' | 'wrong' | 'nobody'

/** Answers one call, of the API or of the artifacts. */
export function answerApi(farm: FakeTestingFarm, call: FakeCall): FakeAnswer {
  const { pathname } = call.url
  if (pathname.startsWith('/artifacts/')) return answerArtifact(farm, pathname.slice('/artifacts/'.length))
  if (!pathname.startsWith('/v0.1/')) return { status: 404, body: { message: 'Not Found' } }
  const path = pathname.slice('/v0.1'.length)
  const [, collection, id] = path.split('/')
  const caller = findCaller(farm, call)
  if (path === '/about') return { status: 200, body: { version: 'fake' } }
  if (collection === 'composes' && call.method === 'GET') return answerComposes(farm, id)
  if (collection === 'requests' && id && call.method === 'GET') return answerRequest(farm, id, caller)
  if (caller === 'expired') return { status: 401, body: { message: 'Token has expired' } }
  if (caller === 'wrong' || caller === 'nobody')
    return { status: 401, body: { message: 'Not authorized to perform this action' } }
  if (path === '/whoami') return answerWhoami(caller)
  if (path === '/requests' && call.method === 'POST') return answerPost(farm, call, caller)
  if (path === '/requests' && call.method === 'GET') return answerList(farm, call.url.searchParams, caller)
  if (collection === 'requests' && id && call.method === 'DELETE') return answerDelete(farm, id, caller)
  return { status: 404, body: { message: 'Not Found' } }
}

/** By the header; the member `api_key` of the body is the form of old. */
function findCaller(farm: FakeTestingFarm, { authorization, body }: FakeCall): Caller {
  const given = /^Bearer (.+)$/.exec(authorization ?? '')?.[1] ?? keyOf(body)
  if (given === undefined) return 'nobody'
  if (farm.expiredTokens.has(given)) return 'expired'
  if (given === farm.tokens.public) return 'public'
  return given === farm.tokens.redhat ? 'redhat' : 'wrong'
}

function keyOf(body: string): string | undefined {
  const key = (parse(body) as Json | undefined)?.api_key
  return typeof key === 'string' ? key : undefined
}

function answerPost(farm: FakeTestingFarm, { body: text }: FakeCall, ranch: Ranch): FakeAnswer {
  const body = parse(text)
  const refusal = checkBody(body, ranch, farm.composes[ranch])
  if (refusal) return { status: 400, body: refusal }
  const { id, createdAt } = farm.add(ranch, body as Json)
  return { status: 200, body: { id, created: withoutZone(createdAt), state: 'new' } }
}

/** Anybody reads what was asked of the public ranch; the internal one is for its owners. */
function answerRequest(farm: FakeTestingFarm, id: string, caller: Caller): FakeAnswer {
  const request = farm.requests.find((one) => one.id === id)
  if (!request) return { status: 404, body: { message: 'Entity not found' } }
  if (caller === 'expired') return { status: 401, body: { message: 'Token has expired' } }
  if (caller === 'wrong') return { status: 401, body: { message: 'Not authorized to perform this action' } }
  if (request.ranch === 'redhat' && caller !== 'redhat') return { status: 403, body: { message: 'Forbidden' } }
  const body = toAnswer(request, farm.artifactsUrl)
  farm.wasRead(request)
  return { status: 200, body }
}

function answerList(farm: FakeTestingFarm, query: URLSearchParams, ranch: Ranch): FakeAnswer {
  const after = query.get('created_after')
  const before = query.get('created_before')
  const state = query.get('state')
  const fits = ({ createdAt, ...request }: FakeRequest) =>
    request.ranch === ranch &&
    (state === null || request.state === state) &&
    (after === null || withoutZone(createdAt) > after) &&
    (before === null || withoutZone(createdAt) < before)
  return { status: 200, body: farm.requests.filter(fits).map((request) => toAnswer(request, farm.artifactsUrl)) }
}

function answerDelete(farm: FakeTestingFarm, id: string, ranch: Ranch): FakeAnswer {
  const request = farm.requests.find((one) => one.id === id)
  if (!request) return { status: 404, body: { message: 'Entity not found' } }
  if (request.ranch !== ranch) return { status: 403, body: { message: 'Forbidden' } }
  const status = farm.cancel(request)
  if (status === 200) return { status, body: toAnswer(request, farm.artifactsUrl) }
  return status === 204 ? { status } : { status, body: { message: 'Request is already finished' } }
}

function answerComposes(farm: FakeTestingFarm, ranch: string | undefined): FakeAnswer {
  if (ranch === undefined || !(ranch in RANCH_ARCHES)) return { status: 404, body: { message: 'Not Found' } }
  return { status: 200, body: { composes: farm.composes[ranch as Ranch].map((name) => ({ name })) } }
}

function answerWhoami(ranch: Ranch): FakeAnswer {
  const user = { id: '00000000-0000-4000-8000-000000000001', name: 'packit' }
  return { status: 200, body: { token: { id: tokenId(ranch), name: 'fake', ranch, role: 'user' }, user } }
}

function answerArtifact(farm: FakeTestingFarm, path: string): FakeAnswer {
  const [id = '', ...rest] = path.split('/')
  const request = farm.requests.find((one) => one.id === id)
  const name = rest.join('/')
  if (!request) return { status: 404, body: 'Not Found', type: 'text/html' }
  if (name === '') return { status: 200, body: viewer(request), type: 'text/html' }
  const file = request.files.get(name)
  if (file === undefined) return { status: 404, body: 'Not Found', type: 'text/html' }
  return { status: 200, body: file, type: name.endsWith('.xml') ? 'application/xml' : 'text/plain' }
}

function viewer({ id, state, overall, files }: FakeRequest): string {
  const links = [...files.keys()].map((name) => `<li><a href="${encodeURI(name)}">${encodeURI(name)}</a></li>`).join('')
  return `<!DOCTYPE html><title>Testing Farm ${id}</title><h1>${id}</h1><p>${state} ${overall ?? ''}</p><ul>${links}</ul>\n`
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
