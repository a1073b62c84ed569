import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { hashSecret } from '../../../domain/session.ts'
import { webUrlOf } from '../addresses.ts'
import type { AppStore, KeptApp } from '../app-store.ts'
import { checkReach } from '../public-url.ts'
import { type ChoiceErrors, defaultChoices, readChoices, type SetupChoices } from './choices.ts'
import { ConversionError, convertCode } from './convert.ts'
import { renderForm } from './form-page.ts'
import { REFUSALS, refusalOf, renderDone, renderMade, renderNoLink, renderRefusal, renderSettings } from './pages.ts'
import { SETUP_STYLE } from './style.ts'

/** Codes that are good once, with what belongs to them. Each is known by its kind. */
export interface SetupLinks {
  make(data: Record<string, unknown>): Promise<string>
  find(code: string): Promise<Record<string, unknown> | undefined>
  take(code: string): Promise<Record<string, unknown> | undefined>
  /** Ends all of them: the set-up is over. */
  clear(): Promise<void>
}

export interface SetupDeps {
  apps: AppStore
  /** How others reach the service, prefix included, without a slash at the end. */
  base: () => string
  publicUrl: string | undefined
  /** The GitHub that is proposed. */
  apiUrl: string
  links: SetupLinks
  audit: (action: string, subject: string, detail: Record<string, unknown>) => Promise<void>
  /** Asks GitHub and ourselves; left out: `fetch`. */
  fetcher?: typeof fetch
}

const COOKIE = 'packit_setup'
const COOKIE_S = 24 * 3600
const MAX_BODY_BYTES = 16 * 1024

/** `/setup`: pages by which the operator has GitHub make an App. Who comes without a link finds nothing there. */
export const setupRoutes: FastifyPluginAsync<SetupDeps> = async (app, deps) => {
  readForms(app)
  const setup = new Setup(deps)
  const options = { schema: { hide: true } }
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store').header('referrer-policy', 'no-referrer')
    setPolicy(reply, deps.apiUrl)
  })
  app.get('/setup', options, (request, reply) => setup.show(request, reply))
  app.post('/setup', options, (request, reply) => setup.choose(request, reply))
  app.get('/setup/github', options, (request, reply) => setup.comeBack(request, reply))
  app.get('/setup/style.css', options, async (_request, reply) =>
    reply.type('text/css; charset=utf-8').header('cache-control', 'no-cache').send(SETUP_STYLE),
  )
}

function readForms(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: MAX_BODY_BYTES },
    (_request, body, done) => done(null, new URLSearchParams(String(body))),
  )
}

/** Nothing but our own style sheet; forms go to ourselves and to the one GitHub. */
function setPolicy(reply: FastifyReply, apiUrl: string): void {
  const to = `form-action 'self' ${new URL(webUrlOf(apiUrl)).origin}`
  reply.header(
    'content-security-policy',
    `default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'; ${to}`,
  )
}

class Setup {
  readonly #deps: SetupDeps

  constructor(deps: SetupDeps) {
    this.#deps = deps
  }

  /** The first page: by a link that is good once, then by the cookie that it was turned into. */
  async show(request: FastifyRequest, reply: FastifyReply) {
    const { code, installation_id: installed } = request.query as { code?: string; installation_id?: string }
    if (this.#isDone()) return this.#done(reply, installed !== undefined)
    const { links, base, apiUrl } = this.#deps
    if (code !== undefined) {
      if (!(await isOf(links.find, code, 'link')) || !(await links.take(code))) return this.#noLink(reply, true)
      this.#setCookie(reply, await links.make({ kind: 'browser' }))
      return reply.redirect(`${this.#prefix()}/setup`, 303)
    }
    if (!(await this.#browserOf(request))) return this.#noLink(reply, false)
    return this.#form(request, reply, defaultChoices(base(), apiUrl))
  }

  /** The same page, with other choices. */
  async choose(request: FastifyRequest, reply: FastifyReply) {
    if (this.#isDone()) return this.#done(reply, false)
    if (!(await this.#browserOf(request))) return this.#noLink(reply, false)
    const body = request.body instanceof URLSearchParams ? request.body : new URLSearchParams()
    const { choices, typedUrl, errors } = readChoices(body)
    return this.#form(request, reply, choices, { errors, typedUrl })
  }

  /** GitHub has made the App and sends the browser back with a code. */
  async comeBack(request: FastifyRequest, reply: FastifyReply) {
    if (this.#isDone()) return this.#done(reply, false)
    const browser = await this.#browserOf(request)
    if (!browser) return this.#noLink(reply, false)
    const { code, state } = request.query as { code?: string; state?: string }
    const begun = state === undefined ? undefined : await this.#deps.links.find(state)
    if (begun?.kind !== 'state' || begun.browser !== browser) return this.#refuse(reply, REFUSALS.state)
    if (!code) return this.#refuse(reply, REFUSALS.code)
    const choices = begun.choices as SetupChoices
    try {
      const app = await convertCode(code, choices.apiUrl, this.#deps.fetcher ?? fetch)
      return await this.#keep(reply, app, choices)
    } catch (error) {
      if (error instanceof ConversionError) return this.#refuse(reply, refusalOf(error))
      throw error
    }
  }

  async #keep(reply: FastifyReply, app: KeptApp, { keep }: SetupChoices) {
    const { apps, audit, links } = this.#deps
    // GitHub gives the key away once: where it can't be written, it is shown
    const problem = keep === 'file' ? await apps.save(app).then(() => undefined, messageOf) : undefined
    const kept = keep === 'file' && problem === undefined
    const { appId, owner, apiUrl, slug } = app
    await audit('github-app.create', `GitHub App ${slug}`, {
      id: appId,
      owner,
      api: apiUrl,
      kept: kept ? 'file' : 'shown',
    })
    await links.clear()
    this.#setCookie(reply, '', 0)
    return this.#send(reply, 200, kept ? renderMade(this.#prefix(), app) : renderSettings(this.#prefix(), app, problem))
  }

  async #form(
    request: FastifyRequest,
    reply: FastifyReply,
    choices: SetupChoices,
    { errors = {}, typedUrl }: { errors?: ChoiceErrors; typedUrl?: string } = {},
  ) {
    const { links, base, publicUrl, fetcher = fetch } = this.#deps
    const state = await links.make({ kind: 'state', browser: (await this.#browserOf(request)) ?? '', choices })
    const reach = await checkReach(publicUrl, { fetcher })
    setPolicy(reply, choices.apiUrl)
    const wrong = errors.apiUrl !== undefined && typedUrl !== undefined ? { typedUrl } : {}
    const page = { prefix: this.#prefix(), base: base(), choices, errors, state, reach, ...wrong }
    return this.#send(reply, Object.keys(errors).length > 0 ? 400 : 200, renderForm(page))
  }

  #isDone(): boolean {
    return this.#deps.apps.current() !== undefined
  }

  #done(reply: FastifyReply, wasInstalled: boolean) {
    const app = this.#deps.apps.current()
    if (!app) throw new Error('there is no App')
    return this.#send(reply, 200, renderDone(this.#prefix(), app, this.#deps.apps, wasInstalled))
  }

  #noLink(reply: FastifyReply, wasGiven: boolean) {
    return this.#send(reply, 404, renderNoLink(this.#prefix(), wasGiven))
  }

  #refuse(reply: FastifyReply, refusal: Parameters<typeof renderRefusal>[1]) {
    return this.#send(reply, 400, renderRefusal(this.#prefix(), refusal))
  }

  #send(reply: FastifyReply, status: number, page: string) {
    return reply.code(status).type('text/html; charset=utf-8').send(page)
  }

  /** What this browser's link was turned into; `undefined` when it came by none. */
  async #browserOf(request: FastifyRequest): Promise<string | undefined> {
    const found = new RegExp(`(?:^|;\\s*)${COOKIE}=([\\w-]{43})(?:;|$)`).exec(request.headers.cookie ?? '')?.[1]
    if (found === undefined || !(await isOf(this.#deps.links.find, found, 'browser'))) return undefined
    return hashSecret(found)
  }

  /** Lax: GitHub sends the browser back here. */
  #setCookie(reply: FastifyReply, value: string, maxAgeS = COOKIE_S): void {
    const secure = this.#deps.base().startsWith('https:') ? '; Secure' : ''
    const path = `${this.#prefix()}/setup`
    reply.header('set-cookie', `${COOKIE}=${value}; Path=${path}; Max-Age=${maxAgeS}; HttpOnly; SameSite=Lax${secure}`)
  }

  #prefix(): string {
    return new URL(this.#deps.base()).pathname.replace(/\/$/, '')
  }
}

async function isOf(find: SetupLinks['find'], code: string, kind: string): Promise<boolean> {
  return (await find(code))?.kind === kind
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error))
