// The manifests are those of Kubernetes' schemas, what they name is there, and no pod may more than it needs.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { SETTINGS } from '../../src/config/settings.ts'
import { kustomize, ofKind, type Resource, type WithPods, withPods } from './kustomize.ts'

const BASE = 'kubernetes/base'
const OVERLAYS = ['kubernetes/example']

/** Where Kubernetes keeps the schema of a kind. */
const GROUPS: Record<string, string> = {
  ...{ v1: 'CoreV1', 'apps/v1': 'AppsV1', 'batch/v1': 'BatchV1', 'policy/v1': 'PolicyV1' },
  ...{ 'autoscaling/v2': 'AutoscalingV2', 'networking.k8s.io/v1': 'NetworkingV1' },
}

type Validate = ((data: unknown) => boolean) & { errors?: { instancePath: string; keyword: string }[] | null }

/** Why Kubernetes would refuse a resource: what its schema says, and fields that no schema asks for. */
async function findFaults(resource: Resource): Promise<string[]> {
  const group = GROUPS[resource.apiVersion]
  if (!group) return [`${resource.apiVersion}: unknown`]
  const schema = `kubernetes-models/_schemas/IoK8sApi${group}${resource.kind}`
  const { validate } = (await import(schema)) as { validate: Validate }
  const read = new Set<string>()
  if (!validate(watch(resource, '', read))) {
    return (validate.errors ?? []).map(({ instancePath, keyword }) => `${instancePath} ${keyword}`)
  }
  return listPaths(resource, '').filter((path) => !read.has(path))
}

/** Notes which fields are looked at: the schemas look at each that they know. */
function watch<T extends object>(value: T, path: string, read: Set<string>): T {
  return new Proxy(value, {
    get(target, key, receiver) {
      const found: unknown = Reflect.get(target, key, receiver)
      if (typeof key !== 'string') return found
      read.add(`${path}/${key}`)
      return typeof found === 'object' && found !== null ? watch(found, `${path}/${key}`, read) : found
    },
  })
}

function listPaths(value: unknown, path: string): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, item]) => [`${path}/${key}`, ...listPaths(item, `${path}/${key}`)])
}

const name = ({ kind, metadata }: Resource) => `${kind} ${metadata.name}`
const labelsOf = (one: WithPods) => one.spec.template.metadata.labels

test('a field that Kubernetes does not know is a fault', async () => {
  const [deployment] = ofKind(await kustomize(BASE), 'Deployment')
  assert.ok(deployment)
  Object.assign(deployment.spec.template.spec.containers[0], { livenesProbe: { periodSeconds: 1 } })
  assert.deepEqual(await findFaults(deployment), [
    '/spec/template/spec/containers/0/livenesProbe',
    '/spec/template/spec/containers/0/livenesProbe/periodSeconds',
  ])
  Object.assign(deployment.spec, { replicas: '2' })
  assert.deepEqual(await findFaults(deployment), ['/spec/replicas type'])
})

for (const folder of [BASE, ...OVERLAYS]) {
  describe(`deploy/${folder}`, () => {
    test('is as the schemas of Kubernetes have it, each thing once', async () => {
      const all = await kustomize(folder)
      for (const resource of all) assert.deepEqual(await findFaults(resource), [], name(resource))
      assert.equal(new Set(all.map(name)).size, all.length)
    })

    test('what selects pods finds some, by labels that they have', async () => {
      const all = await kustomize(folder)
      const selected = (wanted: Record<string, string>) =>
        withPods(all).filter((one) => Object.entries(wanted).every(([key, value]) => labelsOf(one)[key] === value))
      const selectors = [
        ...ofKind(all, 'Service')
          .filter(({ metadata }) => metadata.name !== 'packit-nothing')
          .map((one) => one.spec.selector),
        ...[...ofKind(all, 'PodDisruptionBudget'), ...ofKind(all, 'Deployment')].map(
          (one) => one.spec.selector.matchLabels,
        ),
        ...ofKind(all, 'NetworkPolicy').map((one) => one.spec.podSelector.matchLabels ?? {}),
      ]
      assert.ok(selectors.length > 6)
      for (const selector of selectors) assert.ok(selected(selector).length > 0, JSON.stringify(selector))
      for (const policy of ofKind(all, 'NetworkPolicy')) {
        const components = withPods(all).map((one) => labelsOf(one)['app.kubernetes.io/component'])
        for (const { values } of policy.spec.podSelector.matchExpressions ?? []) {
          assert.deepEqual(
            values.filter((value) => !components.includes(value)),
            [],
            name(policy),
          )
        }
      }
      for (const { spec } of ofKind(all, 'HorizontalPodAutoscaler')) {
        const target = ofKind(all, spec.scaleTargetRef.kind).find(
          ({ metadata }) => metadata.name === spec.scaleTargetRef.name,
        )
        assert.ok(target, 'what is scaled is there')
        assert.equal(target.spec.replicas, undefined, 'the autoscaler says how many')
      }
    })

    test('pods have no token, no root, no rights, a read-only system, and bounds', async () => {
      for (const one of withPods(await kustomize(folder))) {
        const { spec } = one.spec.template
        assert.equal(spec.automountServiceAccountToken, false, name(one))
        assert.equal(spec.securityContext.runAsNonRoot, true, name(one))
        for (const { securityContext, resources } of spec.containers) {
          assert.equal(securityContext.allowPrivilegeEscalation, false)
          assert.equal(securityContext.readOnlyRootFilesystem, true)
          assert.deepEqual(securityContext.capabilities, { drop: ['ALL'] })
          assert.ok(resources.requests.cpu && resources.requests.memory && resources.limits.memory, name(one))
        }
      }
    })

    test('web and worker are asked whether they live and are ready, on ports that they have', async () => {
      for (const one of ofKind(await kustomize(folder), 'Deployment')) {
        const [container] = one.spec.template.spec.containers
        const ports = container.ports.map((port) => port.name)
        for (const [probe, path] of [
          ['startupProbe', '/api/healthz'],
          ['livenessProbe', '/api/healthz'],
          ['readinessProbe', '/api/readyz'],
        ] as const) {
          assert.equal(container[probe].httpGet.path, path, name(one))
          assert.ok(ports.includes(container[probe].httpGet.port), name(one))
        }
      }
    })
  })
}

for (const folder of OVERLAYS) {
  test(`deploy/${folder}: settings are known, secrets are examples in files, images have a tag`, async () => {
    const all = await kustomize(folder)
    const names = new Set<string>(SETTINGS.flatMap((setting) => [setting.name, `${setting.name}_FILE`]))
    const [settings] = ofKind(all, 'ConfigMap')
    const [secrets] = ofKind(all, 'Secret')
    assert.ok(settings && secrets)
    for (const [setting, value] of Object.entries(settings.data)) {
      assert.ok(names.has(setting), setting)
      const [, file] = /^\/run\/secrets\/packit\/(.*)$/.exec(value) ?? []
      assert.equal(file !== undefined, setting.endsWith('_FILE'), setting)
      assert.ok(!file || file in secrets.stringData, `${setting} names ${file}`)
    }
    for (const one of withPods(all)) {
      const { containers, volumes } = one.spec.template.spec
      for (const { image, envFrom } of containers) {
        assert.match(image, /^registry\.example\.org\/packit-(service|builder):\d+\.\d+\.\d+$/)
        assert.equal(envFrom[0]?.configMapRef.name, settings.metadata.name)
      }
      const mounted = volumes.flatMap((volume) => volume.secret?.secretName ?? [])
      assert.deepEqual(mounted, [secrets.metadata.name])
    }
  })
}
