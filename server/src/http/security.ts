import cors from '@fastify/cors'
import helmet from '@fastify/helmet'
import type { FastifyInstance } from 'fastify'
import { notFound } from '../api/errors.ts'
import type { FindMethods } from './methods.ts'
import { splitUrl } from './rewrite-url.ts'

const EXPOSED = [
  'Accept-Ranges',
  'Content-Range',
  'Date',
  'ETag',
  'Idempotent-Replayed',
  'Link',
  'Location',
  'Retry-After',
  'WWW-Authenticate',
  'X-Log-Size',
  'X-Log-State',
  'X-RateLimit-Limit',
  'X-RateLimit-Remaining',
  'X-RateLimit-Reset',
]

/** Headers that keep pages from what they don't need, and the API open to programs of every origin. */
export async function registerSecurity(app: FastifyInstance, options: { isHttps: boolean; findMethods: FindMethods }) {
  const { isHttps, findMethods } = options
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'none'"],
        'script-src': ["'self'"],
        'style-src': ["'self'"],
        'font-src': ["'self'", 'data:'],
        'img-src': ["'self'", 'data:'],
        'connect-src': ["'self'"],
        'frame-ancestors': ["'none'"],
        'base-uri': ["'self'"],
        'form-action': ["'self'"],
      },
    },
    crossOriginResourcePolicy: { policy: 'cross-origin' },
    referrerPolicy: { policy: 'strict-origin-when-cross-origin' },
    frameguard: { action: 'deny' },
    hsts: isHttps ? { maxAge: 31_556_926, includeSubDomains: true } : false,
  })
  app.addHook('onRequest', async (request, reply) => {
    reply.header('permissions-policy', 'browsing-topics=()')
    if (request.method !== 'OPTIONS') return
    const { path } = splitUrl(request.url)
    const methods = findMethods(path)
    if (methods.length === 0 && /^\/(api|repos)\//.test(path)) throw notFound(`There is nothing at ${path}`)
    reply.header('allow', methods.length === 0 ? 'GET, HEAD, OPTIONS' : methods.join(', '))
  })
  await app.register(cors, {
    origin: '*',
    exposedHeaders: EXPOSED,
    // the headers that a preflight asks for (Authorization, Idempotency-Key) are allowed: no other site can have cookies sent, as these answers allow no credentials
    methods: ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'],
    strictPreflight: false,
    optionsSuccessStatus: 200,
    maxAge: 86_400,
  })
}
