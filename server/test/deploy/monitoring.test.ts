// Alerts and dashboard ask for metrics that the service has, and each alert leads to what to do.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { parser } from '@prometheus-io/lezer-promql'
import { Ajv } from 'ajv'
import fastify from 'fastify'
import { registerBackendMetrics } from '../../src/cli/backends.ts'
import { createJobMetrics } from '../../src/cli/job-metrics.ts'
import { registerMessageMetrics } from '../../src/cli/messages.ts'
import * as metrics from '../../src/cli/metrics.ts'
import { registerMetrics } from '../../src/http/metrics.ts'
import { createTestDatabase } from '../database.ts'
import { ROOT, readDeploy, readYaml } from './files.ts'

interface Rule {
  alert: string
  expr: string
  annotations: Record<'summary' | 'description' | 'runbook', string>
}

interface Panel {
  title: string
  gridPos: { x: number; y: number; w: number; h: number }
  targets: { expr: string }[]
}

const text = { type: 'string', minLength: 1 }
const closed = (properties: object, required = Object.keys(properties)) => ({
  ...{ type: 'object', properties, required, additionalProperties: false },
})
const list = (items: object) => ({ type: 'array', minItems: 1, items })
const duration = { type: 'string', pattern: '^(\\d+(ms|[smhdwy]))+$' }

/** https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/ */
const ALERTS = closed({
  groups: list(
    closed({
      name: text,
      rules: list(
        closed({
          ...{ alert: { type: 'string', pattern: '^Packit[A-Za-z]+$' }, expr: text, for: duration },
          labels: closed({ severity: { enum: ['critical', 'warning', 'info'] } }),
          annotations: closed({ summary: text, description: text, runbook: text }),
        }),
      ),
    }),
  ),
})

/** https://github.com/kubernetes-sigs/prometheus-adapter/blob/master/docs/externalmetrics.md */
const ADAPTER = closed({
  rules: closed({
    external: list(
      closed({
        ...{ seriesQuery: text, metricsQuery: text, name: closed({ as: text }) },
        resources: closed({ namespaced: { type: 'boolean' } }),
      }),
    ),
  }),
})

/** The part of a dashboard that Grafana needs to show it. */
const DASHBOARD = {
  type: 'object',
  required: ['uid', 'title', 'schemaVersion', 'templating', 'panels', 'time'],
  properties: {
    uid: { type: 'string', pattern: '^[A-Za-z0-9_-]{1,40}$' },
    schemaVersion: { type: 'integer', minimum: 36 },
    panels: list({
      type: 'object',
      required: ['id', 'type', 'title', 'gridPos', 'datasource', 'targets', 'fieldConfig'],
      properties: {
        type: { enum: ['timeseries', 'stat', 'table', 'gauge', 'heatmap'] },
        gridPos: closed(
          Object.fromEntries(['x', 'y', 'w', 'h'].map((side) => [side, { type: 'integer', minimum: 0 }])),
        ),
        targets: list({ type: 'object', required: ['refId', 'expr', 'datasource'] }),
      },
    }),
  },
}

function check(schema: object, value: unknown): void {
  const ajv = new Ajv({ allErrors: true })
  assert.ok(ajv.validate(schema, value), ajv.errorsText())
}

/** Metrics that an expression asks for; throws where it is none of Prometheus. */
function readMetrics(expr: string): string[] {
  // Grafana puts a duration there
  const promql = expr.replaceAll('$__rate_interval', '5m').replaceAll('<<.LabelMatchers>>', '')
  const found: string[] = []
  parser.parse(promql).iterate({
    enter(node) {
      if (node.type.isError) throw new Error(`not PromQL at ${node.from}: ${promql}`)
      if (node.name === 'Identifier') found.push(promql.slice(node.from, node.to))
    },
  })
  return found
}

/** Names under which the service can be asked for what it counts. */
async function listRegistered(): Promise<Set<string>> {
  await using database = await createTestDatabase()
  const app = fastify()
  registerMetrics(app, {
    openStreams: () => 0,
    register(registry) {
      const measured = { waiting: 0, running: 0, oldestAgeSeconds: 0 }
      metrics.registerQueueMetrics(registry, { measure: async () => measured })
      metrics.registerForgeMetrics(registry, { limits: () => [], requests: () => [] })
      metrics.registerSweepMetrics(registry, database)
      metrics.registerDiskMetrics(registry, ROOT)
      metrics.registerProcessMetrics(registry, { list: async () => [] })
      registerBackendMetrics(registry, { list: async () => [], failures: () => [] })
      registerMessageMetrics(registry, () => undefined)
      createJobMetrics().register(registry)
    },
  })
  const { body, statusCode } = await app.inject('/metrics')
  assert.equal(statusCode, 200, body)
  const types = [...body.matchAll(/^# TYPE (\S+) (\S+)$/gm)]
  const names = types.flatMap(([, name = '', type]) =>
    type === 'histogram' ? ['_bucket', '_sum', '_count'].map((end) => `${name}${end}`) : [name],
  )
  await app.close()
  return new Set(names)
}

const rules = async () =>
  (await readYaml<{ groups: { rules: Rule[] }[] }>('prometheus/alerts.yaml')).flatMap(({ groups }) =>
    groups.flatMap((group) => group.rules),
  )
const dashboard = async () => JSON.parse(await readDeploy('grafana/dashboard.json')) as { panels: Panel[] }

test('each metric that alerts, dashboard and autoscaler ask for is one that the service has', async () => {
  const [adapter] = await readYaml<{ rules: { external: { metricsQuery: string; seriesQuery: string }[] } }>(
    'prometheus/adapter-rules.yaml',
  )
  check(ADAPTER, adapter)
  const expressions = [
    ...(await rules()).map(({ expr }) => expr),
    ...(await dashboard()).panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
    ...(adapter?.rules.external ?? []).flatMap(({ metricsQuery, seriesQuery }) => [metricsQuery, seriesQuery]),
  ]
  const asked = new Set(expressions.flatMap(readMetrics))
  const registered = await listRegistered()
  const isKnown = (name: string) => name === 'up' || registered.has(name)
  assert.ok(asked.size > 15)
  assert.deepEqual(
    [...asked].filter((name) => !isKnown(name)),
    [],
  )
  assert.throws(() => readMetrics('rate(packit_jobs_total[5m]'), /not PromQL/)
})

test('alerts are as Prometheus reads them, and each leads to a section that says what to do', async () => {
  check(ALERTS, (await readYaml('prometheus/alerts.yaml'))[0])
  const operating = await readFile(`${ROOT}docs/operating.md`, 'utf8')
  const anchors = new Set(
    [...operating.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replace(/[^a-z0-9 -]/g, '')
        .replaceAll(' ', '-'),
    ),
  )
  const all = await rules()
  assert.equal(new Set(all.map(({ alert }) => alert)).size, all.length)
  for (const { alert, annotations } of all) {
    const [file, anchor = ''] = annotations.runbook.split('#')
    assert.deepEqual([file, anchors.has(anchor)], ['docs/operating.md', true], `${alert}: ${annotations.runbook}`)
    assert.ok(operating.includes(`\`${alert}\``), `docs/operating.md does not name ${alert}`)
  }
})

test('the dashboard can be shown: ids are its own, panels lie beside each other', async () => {
  const shown = await dashboard()
  check(DASHBOARD, shown)
  const ids = shown.panels.map((panel) => (panel as unknown as { id: number }).id)
  assert.equal(new Set(ids).size, ids.length)
  const taken = new Map<string, string>()
  for (const { title, gridPos } of shown.panels) {
    assert.ok(gridPos.x + gridPos.w <= 24, title)
    for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1) {
      for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
        assert.equal(taken.get(`${x} ${y}`), undefined, `${title} lies over another`)
        taken.set(`${x} ${y}`, title)
      }
    }
  }
})
