import Type from 'typebox'
import type { ProjectName } from '../db/read-projects.ts'

/** A project as one text: `github.com/acme/hello`; a namespace may have slashes. */
export const ProjectPath = Type.String({
  description: 'Project: forge/namespace/repo',
  pattern: '^[^/\\u0000]+/[^/\\u0000]+(/[^/\\u0000]+)+$',
  maxLength: 500,
})

export function parseProjectPath(path: string | undefined): ProjectName | undefined {
  if (path === undefined) return undefined
  const [forge = '', ...rest] = path.split('/')
  return { forge, namespace: rest.slice(0, -1).join('/'), name: rest.at(-1) ?? '' }
}
