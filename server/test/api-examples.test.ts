// Each model of an answer has an example: a real answer, for the rows of the tests. Written anew with PACKIT_WRITE_EXAMPLES=1.
import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { models } from '../src/api/models/models.ts'
import { buildOpenapi } from '../src/http/openapi.ts'
import { type Api, createApi } from './api-world.ts'

interface Schema {
  $ref?: string
  items?: Schema
  examples?: unknown[]
}
interface Operation {
  responses: Record<string, { content?: Record<string, { schema: Schema }> }>
}

const FILE = new URL('../src/api/models/examples.json', import.meta.url)
const document = JSON.parse(JSON.stringify(await buildOpenapi())) as {
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, Schema> }
}
const { schemas } = document.components
/** Models that bring an example of their own, as their answers follow the clock or need more than the rows. */
const OWN = new Set(models.filter((model) => 'examples' in model).map((model) => (model as { $id?: string }).$id))
const nameOf = (ref: string) => ref.replace('#/components/schemas/', '')

let api: Api
before(async () => {
  api = await createApi({ publicUrl: 'https://packit.example' })
  await api.storage.put('srpm/1/build.log', 'Wrote: hello-1-1.src.rpm\n')
  await api.storage.put('sync/72.log', 'cloned\npushed\n')
})
after(() => api[Symbol.asyncDispose]())

/** Which model an operation answers with, and whether with a list of it. */
function modelOf({ responses }: Operation): { name: string; isList: boolean } | undefined {
  const schema = (responses[206] ?? responses[200])?.content?.['application/json']?.schema
  const ref = schema?.$ref ?? schema?.items?.$ref
  return ref === undefined ? undefined : { name: nameOf(ref), isList: schema?.items !== undefined }
}

async function findExample(path: string, isList: boolean): Promise<unknown> {
  const project = path.replace('{forge}', 'github.com').replace('{namespace}', 'acme').replace('{repo}', 'hello')
  const ids = path.includes('{id}') ? Array.from({ length: 100 }, (_, i) => i + 1) : [0]
  for (const id of ids) {
    const answer = await api.get(
      project.replace('{id}', String(id)).replace('/allowlist/acme', '/allowlist/github.com/acme'),
    )
    if (answer.statusCode !== 200 && answer.statusCode !== 206) continue
    const found = answer.json()
    if (!isList) return found
    if (found.length > 0) return found.at(-1)
  }
  return undefined
}

test('each model of an answer has an example that fits it', async () => {
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  ajv.addSchema({ $id: 'contract', components: document.components })
  for (const [path, { get }] of Object.entries(document.paths)) {
    const model = get && modelOf(get)
    if (!model) continue
    const examples = schemas[model.name]?.examples ?? []
    assert.ok(examples.length > 0, `${model.name}, which ${path} answers with, has no example`)
    const check = ajv.compile({ $ref: `contract#/components/schemas/${model.name}` })
    for (const example of examples) assert.ok(check(example), `${model.name}: ${ajv.errorsText(check.errors)}`)
  }
})

test('the examples are what is answered for the rows of the tests', async () => {
  const written = JSON.parse(await readFile(FILE, 'utf8')) as Record<string, unknown>
  const found: Record<string, unknown> = {}
  for (const [path, { get }] of Object.entries(document.paths)) {
    const model = get && modelOf(get)
    if (!model || OWN.has(model.name) || model.name in found) continue
    const example = await findExample(path, model.isList)
    if (example !== undefined) found[model.name] = example
  }
  if (process.env.PACKIT_WRITE_EXAMPLES) await writeFile(FILE, `${JSON.stringify(found, null, 2)}\n`)
  else assert.deepEqual(written, found)
})
