import { createComposes, RANCH_ARCHES, type Ranch } from '../composes.ts'
import type { Json } from './requests.ts'

const ARTIFACTS = ['fedora-copr-build', 'fedora-koji-build', 'redhat-brew-build', 'repository', 'repository-file']
const MEMBERS = ['api_key', 'test', 'environments', 'notification', 'settings', 'user']

/**
 * What Testing Farm finds wrong with a request.
 *
 * @returns the body of its 400, or undefined when all is well
 */
export function checkBody(body: unknown, ranch: Ranch, composes: readonly string[]): Json | undefined {
  if (!isObject(body)) return { message: 'Request body is not a JSON object' }
  const errors: Json = {}
  const strange = Object.keys(body).find((name) => !MEMBERS.includes(name))
  if (strange !== undefined) errors[strange] = 'Unknown field.'
  const test = checkTest(body.test)
  if (test !== undefined) errors.test = test
  const environments = checkEnvironments(body.environments, ranch, composes)
  if (environments !== undefined) errors.environments = environments
  const webhook = isObject(body.notification) ? body.notification.webhook : undefined
  if (webhook !== undefined && !(isObject(webhook) && isText(webhook.url)))
    errors.notification = { webhook: { url: 'Missing data for required field.' } }
  return Object.keys(errors).length > 0 ? { errors } : undefined
}

function checkTest(test: unknown): unknown {
  if (!isObject(test)) return 'Missing data for required field.'
  const kinds = ['fmf', 'tmt', 'sti'].filter((kind) => test[kind] !== undefined && test[kind] !== null)
  const [kind] = kinds
  if (kind === undefined || kinds.length > 1) return 'Exactly one test type must be specified.'
  const { url } = (isObject(test[kind]) ? test[kind] : {}) as Json
  return isText(url) && /^(https?|git):\/\//.test(url) ? undefined : { [kind]: { url: 'Not a valid URL.' } }
}

function checkEnvironments(list: unknown, ranch: Ranch, composes: readonly string[]): unknown {
  if (!Array.isArray(list) || list.length === 0) return 'Missing data for required field.'
  const errors: Json = {}
  list.forEach((one: unknown, i) => {
    const found = isObject(one) ? checkEnvironment(one, ranch, composes) : { arch: 'Missing data for required field.' }
    if (Object.keys(found).length > 0) errors[i] = found
  })
  return Object.keys(errors).length > 0 ? errors : undefined
}

function checkEnvironment({ arch, os, artifacts, variables }: Json, ranch: Ranch, composes: readonly string[]): Json {
  const errors: Json = {}
  if (!isText(arch)) errors.arch = 'Missing data for required field.'
  else if (!RANCH_ARCHES[ranch].includes(arch))
    errors.arch = `Architecture '${arch}' is not supported by the ranch '${ranch}'.`
  const compose = isObject(os) ? os.compose : undefined
  if (compose !== undefined && !(isText(compose) && createComposes(composes).has(compose)))
    errors.os = { compose: `Compose '${String(compose)}' is not available.` }
  const bad = checkArtifacts(Array.isArray(artifacts) ? artifacts : [])
  if (Object.keys(bad).length > 0) errors.artifacts = bad
  const unset = Object.entries(isObject(variables) ? variables : {}).find(([, value]) => typeof value !== 'string')
  if (unset) errors.variables = { [unset[0]]: 'Not a valid string.' }
  return errors
}

function checkArtifacts(artifacts: unknown[]): Json {
  const errors: Json = {}
  artifacts.forEach((one, i) => {
    const { type, id } = isObject(one) ? one : {}
    if (!ARTIFACTS.includes(String(type))) errors[i] = { type: `Artifact type '${String(type)}' is not known.` }
    else if (!isText(id)) errors[i] = { id: 'Missing data for required field.' }
  })
  return errors
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
