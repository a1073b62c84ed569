import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readMessage } from './read-message.ts'
import { coprMessage, END, PREFIX } from './test-bus.ts'

const read = (topic: string, body: unknown) =>
  readMessage({ topic, content: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)) }, PREFIX)
const hint = { kind: 'hint', hint: { builder: 'copr', buildId: '12' } }

test('the prefix of a topic is the whole one', () => {
  assert.deepEqual(read(END, coprMessage(12)), hint)
  for (const topic of [
    'copr.build.end',
    `${PREFIX}x.copr.build.end`,
    `${PREFIX.replace('test', 'evil')}.copr.build.end`,
    `${PREFIX}.evil.copr.build.end`,
    `evil.${END}`,
    `${END}.more`,
    PREFIX,
    '',
    `${PREFIX}.constructor`,
  ])
    assert.deepEqual(read(topic, coprMessage(12)), { kind: 'unknown' }, topic)
})

test('the body may be wrapped once more, as old bridges do, with the same topic', () => {
  assert.deepEqual(read(END, { msg: coprMessage(12) }), hint)
  assert.deepEqual(read(END, { topic: END, msg: coprMessage(12), msg_id: '2022-1' }), hint)
  const other = read(END, { topic: `${PREFIX}.copr.build.start`, msg: coprMessage(12) })
  assert.equal(other.kind, 'malformed')
})

test('an end tells any end, a start a start', () => {
  for (const status of [0, 1, 2, 5]) assert.deepEqual(read(END, coprMessage(12, { status })), hint)
  assert.equal(read(END, coprMessage(12, { status: 3 })).kind, 'malformed')
  const start = `${PREFIX}.copr.build.start`
  assert.deepEqual(read(start, coprMessage(12, { status: 3 })), hint)
  assert.equal(read(start, coprMessage(12, { status: 1 })).kind, 'malformed')
})

test('a body that is none of Copr is malformed, whatever it is', () => {
  const wrong: unknown[] = [
    '<html>502</html>',
    '',
    'null',
    '[]',
    '"12"',
    { msg: 'text' },
    { msg: null },
    { msg: { msg: coprMessage(12) } },
    coprMessage(12, { build: '12' }),
    coprMessage(12, { build: -1 }),
    coprMessage(12, { build: 1.5 }),
    coprMessage(12, { build: 1e300 }),
    coprMessage(12, { chroot: null }),
    coprMessage(12, { status: '1' }),
    coprMessage(12, { owner: '' }),
    coprMessage(12, { copr: undefined }),
    `{"build": 12, "pad": "${'x'.repeat(2_000_000)}"}`,
  ]
  for (const body of wrong) assert.equal(read(END, body).kind, 'malformed', JSON.stringify(body).slice(0, 80))
})
