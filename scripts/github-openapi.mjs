// Writes the part of GitHub's own OpenAPI description that the fake GitHub answers:
//   node scripts/github-openapi.mjs [folder of an unpacked @octokit/openapi]
// The package is far too large to be a dependency, so it is fetched once, when the version or the list below changes.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const VERSION = '23.0.2'
const TARGET = 'server/src/forges/github/fake/openapi.json'

/** Every operation that the fake has; a request for any other is a fault of the service. */
const OPERATIONS = [
  'POST /app-manifests/{code}/conversions',
  'GET /app',
  'GET /app/installations',
  'GET /app/installations/{installation_id}',
  'POST /app/installations/{installation_id}/access_tokens',
  'GET /app/hook/config',
  'GET /app/hook/deliveries',
  'GET /app/hook/deliveries/{delivery_id}',
  'POST /app/hook/deliveries/{delivery_id}/attempts',
  'GET /installation/repositories',
  'GET /repos/{owner}/{repo}/installation',
  'GET /repos/{owner}/{repo}',
  'POST /repos/{owner}/{repo}/check-runs',
  'GET /repos/{owner}/{repo}/check-runs/{check_run_id}',
  'PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}',
  'GET /repos/{owner}/{repo}/check-runs/{check_run_id}/annotations',
  'GET /repos/{owner}/{repo}/commits/{ref}/check-runs',
  'GET /repos/{owner}/{repo}/commits/{ref}/check-suites',
  'GET /repos/{owner}/{repo}/check-suites/{check_suite_id}/check-runs',
  'POST /repos/{owner}/{repo}/statuses/{sha}',
  'GET /repos/{owner}/{repo}/commits/{ref}/status',
  'GET /repos/{owner}/{repo}/commits/{ref}/statuses',
  'GET /repos/{owner}/{repo}/issues/{issue_number}',
  'GET /repos/{owner}/{repo}/issues/{issue_number}/comments',
  'POST /repos/{owner}/{repo}/issues/{issue_number}/comments',
  'GET /repos/{owner}/{repo}/issues/comments/{comment_id}',
  'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}',
  'GET /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions',
  'POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions',
  'GET /repos/{owner}/{repo}/commits/{commit_sha}/comments',
  'POST /repos/{owner}/{repo}/commits/{commit_sha}/comments',
  'GET /repos/{owner}/{repo}/comments/{comment_id}',
  'PATCH /repos/{owner}/{repo}/comments/{comment_id}',
  'GET /repos/{owner}/{repo}/comments/{comment_id}/reactions',
  'POST /repos/{owner}/{repo}/comments/{comment_id}/reactions',
  'GET /repos/{owner}/{repo}/collaborators/{username}/permission',
  'GET /repos/{owner}/{repo}/pulls',
  'GET /repos/{owner}/{repo}/pulls/{pull_number}',
  'GET /repos/{owner}/{repo}/git/ref/{ref}',
  'GET /repos/{owner}/{repo}/git/tags/{tag_sha}',
  'GET /repos/{owner}/{repo}/commits/{ref}',
  'GET /repos/{owner}/{repo}/compare/{basehead}',
  'GET /repos/{owner}/{repo}/branches',
  'GET /repos/{owner}/{repo}/branches/{branch}',
  'GET /repos/{owner}/{repo}/contents/{path}',
  'GET /user',
  'GET /rate_limit',
]

const PARTS = ['schemas', 'parameters', 'responses']

function main() {
  const whole = readDescription()
  correct(whole)
  const paths = {}
  for (const operation of OPERATIONS) {
    const [method, path] = operation.split(' ')
    const found = whole.paths[path]?.[method.toLowerCase()]
    if (!found) throw new Error(`GitHub's description ${VERSION} has no ${operation}`)
    paths[path] ??= {}
    paths[path][method.toLowerCase()] = readOperation(found)
  }
  const components = collectComponents(whole.components, paths)
  const text = JSON.stringify({ from: `@octokit/openapi ${VERSION}`, license: 'MIT', paths, components })
  // one operation or component a line: small, and its history can still be read
  writeFileSync(
    TARGET,
    `${text.replaceAll(/("(?:get|post|patch)":\{"operationId|"[a-z0-9-]+":\{"(?:type|title|anyOf|oneOf|allOf|name|schema)":)/g, '\n$1')}\n`,
  )
  console.log(`${TARGET}: ${OPERATIONS.length} operations, ${Math.round(text.length / 1024)} kB`)
}

/** Where the description differs from what GitHub answers. */
function correct({ paths, components }) {
  // accounts would be people and enterprises at once; the description of one installation has it right
  const list = paths['/app/installations'].get.responses['200'].content['application/json'].schema
  list.items = { $ref: '#/components/schemas/installation' }
  // null once the fork is gone, as the description of lists says
  components.schemas['pull-request'].properties.head.properties.repo.nullable = true
}

function readDescription() {
  const given = process.argv[2]
  if (given) return JSON.parse(readFileSync(join(given, 'generated/api.github.com.json'), 'utf8'))
  const dir = mkdtempSync(join(tmpdir(), 'github-openapi-'))
  try {
    const file = execFileSync('npm', ['pack', '--silent', `@octokit/openapi@${VERSION}`], { cwd: dir })
      .toString()
      .trim()
    const name = 'package/generated/api.github.com.json'
    execFileSync('tar', ['-xzf', file, name], { cwd: dir })
    return JSON.parse(readFileSync(join(dir, name), 'utf8'))
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

/** What requests and good answers must look like; the words for people are left out. */
function readOperation({ operationId, parameters = [], requestBody, responses }) {
  const good = Object.entries(responses).filter(([status]) => /^[23]/.test(status))
  return {
    operationId,
    parameters: parameters.map((parameter) => clean(parameter)),
    ...(requestBody && { requestBody: clean(requestBody) }),
    responses: Object.fromEntries(good.map(([status, { headers, ...response }]) => [status, clean(response)])),
  }
}

const WORDS = ['description', 'summary', 'example', 'examples', 'externalDocs', 'tags', 'deprecated', 'headers']

/** A copy without words for people, and with `nullable` in the form that JSON Schema has for it. */
function clean(value, areNames = false) {
  if (Array.isArray(value)) return value.map((item) => clean(item))
  if (value === null || typeof value !== 'object') return value
  const kept = Object.entries(value).filter(([key]) => areNames || !(WORDS.includes(key) || key.startsWith('x-')))
  // below these the keys are names of fields, not words of the schema language
  const copy = Object.fromEntries(kept.map(([key, item]) => [key, clean(item, !areNames && key === 'properties')]))
  return areNames ? copy : withNull(copy)
}

function withNull({ nullable, ...schema }) {
  if (nullable !== true) return schema
  if (typeof schema.type !== 'string' || schema.$ref || schema.oneOf || schema.anyOf || schema.allOf)
    return { anyOf: [schema, { type: 'null' }] }
  return { ...schema, type: [schema.type, 'null'], ...(schema.enum && { enum: [...new Set([...schema.enum, null])] }) }
}

/** The components that the operations reach, and those that these reach. */
function collectComponents(all, paths) {
  const found = Object.fromEntries(PARTS.map((part) => [part, {}]))
  const walk = (value) => {
    if (value === null || typeof value !== 'object') return
    const [, part, name] = /^#\/components\/([^/]+)\/(.+)$/.exec(value.$ref ?? '') ?? []
    if (part && PARTS.includes(part) && !found[part][name]) {
      found[part][name] = clean(all[part][name])
      walk(found[part][name])
    }
    for (const item of Object.values(value)) walk(item)
  }
  walk(paths)
  return found
}

main()
