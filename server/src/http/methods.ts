import type { FastifyInstance } from 'fastify'

/** What can be asked at an address, e.g. `['GET', 'HEAD', 'OPTIONS']`; empty when there is nothing. */
export type FindMethods = (path: string) => string[]

/** Gathers the routes that are added to `app` from now on, so that a wrong method can be told from a wrong address. */
export function gatherMethods(app: FastifyInstance): FindMethods {
  const routes: { pattern: RegExp; methods: string[] }[] = []
  app.addHook('onRoute', ({ url, method }) => {
    // a route for everything says nothing about an address
    if (url === '*' || url === '/*') return
    routes.push({ pattern: toPattern(url), methods: Array.isArray(method) ? method : [method] })
  })
  return (path) => {
    const methods = routes.filter(({ pattern }) => pattern.test(path)).flatMap((route) => route.methods)
    return methods.length === 0 ? [] : [...new Set([...methods, 'OPTIONS'])].sort()
  }
}

function toPattern(url: string): RegExp {
  const parts = url.split('/').map((part) => {
    if (part === '*') return '.*'
    return part.startsWith(':') ? '[^/]+' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  })
  return new RegExp(`^${parts.join('/')}$`)
}
