// As much of kustomize as our files use: resources, patches, generators, labels, namespace, images.
import { existsSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { Ajv } from 'ajv'
import { DEPLOY, readYaml } from './files.ts'

export interface Resource {
  apiVersion: string
  kind: string
  metadata: { name: string; namespace?: string; labels?: Record<string, string> }
  /** As the kind has it: `Kinds` for those that tests look into. */
  [field: string]: unknown
}

type Labels = Record<string, string>

interface Probe {
  httpGet: { path: string; port: string }
}

interface Container {
  image: string
  ports: { name: string }[]
  envFrom: { configMapRef: { name: string } }[]
  securityContext: {
    allowPrivilegeEscalation: boolean
    readOnlyRootFilesystem: boolean
    capabilities: { drop: string[] }
  }
  resources: { requests: { cpu?: string; memory?: string }; limits: { memory?: string } }
  startupProbe: Probe
  livenessProbe: Probe
  readinessProbe: Probe
}

/** What makes pods. */
export interface WithPods {
  spec: {
    template: {
      metadata: { labels: Labels }
      spec: {
        automountServiceAccountToken: boolean
        securityContext: { runAsNonRoot: boolean }
        containers: [Container, ...Container[]]
        volumes: { secret?: { secretName: string } }[]
      }
    }
  }
}

/** The fields of some kinds that our files use and tests look into; that they are there the schemas of Kubernetes say. */
export interface Kinds {
  Deployment: WithPods & { spec: { replicas?: number; selector: { matchLabels: Labels } } }
  Job: WithPods
  Service: { spec: { selector: Labels } }
  PodDisruptionBudget: { spec: { selector: { matchLabels: Labels } } }
  NetworkPolicy: { spec: { podSelector: { matchLabels?: Labels; matchExpressions?: { values: string[] }[] } } }
  HorizontalPodAutoscaler: { spec: { scaleTargetRef: { kind: 'Deployment'; name: string } } }
  ConfigMap: { data: Record<string, string> }
  Secret: { stringData: Record<string, string> }
}

export function ofKind<K extends keyof Kinds>(all: readonly Resource[], kind: K): (Resource & Kinds[K])[] {
  return all.filter((one): one is Resource & Kinds[K] => one.kind === kind)
}

export function withPods(all: readonly Resource[]): (Resource & WithPods)[] {
  return [...ofKind(all, 'Deployment'), ...ofKind(all, 'Job')]
}

interface Generator {
  name: string
  behavior?: 'merge'
  literals?: string[]
  files?: string[]
}

interface Kustomization {
  apiVersion: string
  kind: string
  namespace?: string
  resources: string[]
  patches?: { path: string }[]
  labels?: { pairs: Record<string, string> }[]
  images?: { name: string; newName: string; newTag: string }[]
  configMapGenerator?: Generator[]
  secretGenerator?: Generator[]
}

const KUSTOMIZATION = {
  type: 'object',
  properties: {
    apiVersion: { const: 'kustomize.config.k8s.io/v1beta1' },
    kind: { const: 'Kustomization' },
    namespace: { type: 'string' },
    resources: listOf('string'),
    patches: listOf(closed({ path: 'string' })),
    labels: listOf(closed({ pairs: 'object', includeSelectors: 'boolean', includeTemplates: 'boolean' }, ['pairs'])),
    images: listOf(closed({ name: 'string', newName: 'string', newTag: 'string' })),
    configMapGenerator: listOf(generatorOf('literals')),
    secretGenerator: listOf(generatorOf('files')),
  },
  required: ['apiVersion', 'kind', 'resources'],
  additionalProperties: false,
}

function listOf(items: string | object): object {
  return { type: 'array', minItems: 1, items: typeof items === 'string' ? { type: items } : items }
}

function closed(types: Record<string, string | object>, required = Object.keys(types)): object {
  const properties = Object.fromEntries(
    Object.entries(types).map(([key, type]) => [key, typeof type === 'string' ? { type } : type]),
  )
  return { type: 'object', properties, required, additionalProperties: false }
}

function generatorOf(what: 'literals' | 'files'): object {
  const pairs = { type: 'array', items: { type: 'string', pattern: '^[^=]+=.' } }
  return closed({ name: 'string', behavior: { const: 'merge' }, [what]: pairs }, ['name', what])
}

const ajv = new Ajv()
const isKustomization = ajv.compile<Kustomization>(KUSTOMIZATION)

/** What `kubectl kustomize` would print, for a folder below deploy/. Names of generated things stay without their hash. */
export async function kustomize(folder: string): Promise<Resource[]> {
  const [file] = await readYaml<unknown>(`${folder}/kustomization.yaml`)
  // kubectl refuses what it does not know; here it would just have no effect
  if (!isKustomization(file)) throw new Error(`${folder}/kustomization.yaml: ${ajv.errorsText(isKustomization.errors)}`)
  const resources: Resource[] = []
  for (const path of file.resources) {
    const at = normalize(join(folder, path))
    const isFile = path.endsWith('.yaml')
    resources.push(...(isFile ? await readYaml<Resource>(at) : await kustomize(at)))
  }
  for (const { path } of file.patches ?? []) {
    for (const patch of await readYaml<Resource>(join(folder, path))) applyPatch(resources, patch)
  }
  for (const each of file.configMapGenerator ?? []) generate(resources, 'ConfigMap', each, folder)
  for (const each of file.secretGenerator ?? []) generate(resources, 'Secret', each, folder)
  for (const resource of resources) {
    if (file.namespace && resource.kind !== 'Namespace') resource.metadata.namespace = file.namespace
    for (const { pairs } of file.labels ?? []) resource.metadata.labels = { ...resource.metadata.labels, ...pairs }
  }
  for (const image of file.images ?? []) setImage(resources, image)
  return resources
}

function applyPatch(resources: Resource[], patch: Resource): void {
  const target = resources.find((one) => one.kind === patch.kind && one.metadata.name === patch.metadata.name)
  if (!target) throw new Error(`a patch names ${patch.kind} ${patch.metadata.name}, which is not there`)
  merge(target, patch)
}

/** Lists of things with names are merged by name, as Kubernetes does with containers; other lists are replaced. */
function merge(into: Record<string, unknown>, from: Record<string, unknown>): void {
  for (const [key, value] of Object.entries(from)) {
    const old = into[key]
    if (isNamedList(value) && isNamedList(old)) {
      for (const item of value) {
        const same = old.find(({ name }) => name === item.name)
        if (same) merge(same, item)
        else old.push(item)
      }
    } else if (isObject(value) && isObject(old)) merge(old, value)
    else into[key] = value
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isNamedList = (value: unknown): value is (Record<string, unknown> & { name: string })[] =>
  Array.isArray(value) && value.length > 0 && value.every((item) => isObject(item) && typeof item.name === 'string')

function generate(resources: Resource[], kind: 'ConfigMap' | 'Secret', from: Generator, folder: string): void {
  const pairs = [
    ...(from.literals ?? []).map((literal) => [
      literal.split('=', 1)[0] ?? '',
      literal.slice(literal.indexOf('=') + 1),
    ]),
    ...(from.files ?? []).map((entry) => {
      const [key = '', path = ''] = entry.split('=')
      if (!existsSync(join(DEPLOY, folder, path))) throw new Error(`${folder} names ${path}, which is not there`)
      return [key, `file ${join(dirname(path), key)}`]
    }),
  ]
  const values = Object.fromEntries(pairs) as Record<string, string>
  const field = kind === 'ConfigMap' ? 'data' : 'stringData'
  const known = resources.find((one) => one.kind === kind && one.metadata.name === from.name)
  if ((from.behavior === 'merge') !== (known !== undefined)) {
    throw new Error(`${folder}: ${kind} ${from.name} ${known ? 'is there already' : 'is not there to be merged into'}`)
  }
  if (known) Object.assign(known[field] as object, values)
  else resources.push({ apiVersion: 'v1', kind, metadata: { name: from.name }, [field]: values })
}

function setImage(
  resources: readonly Resource[],
  { name, newName, newTag }: { name: string; newName: string; newTag: string },
): void {
  const containers = withPods(resources).flatMap((one) => one.spec.template.spec.containers)
  for (const container of containers) if (container.image === name) container.image = `${newName}:${newTag}`
}
