import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { createConversation } from './conversation.ts'
import { encodeData, encodeMessage, FrameReader, ProtocolError } from './inside/frames.ts'
import type { SandboxTask } from './sandbox.ts'

const dir = mkdtempSync(join(tmpdir(), 'packit-conversation-'))
after(() => rmSync(dir, { recursive: true }))

/** A conversation in which the program says these frames; gives what the host answered. */
async function talk(frames: readonly Buffer[], options: Partial<SandboxTask> = {}) {
  const resultsDir = mkdtempSync(join(dir, 'results-'))
  const task: SandboxTask = {
    ...{ program: '', input: { for: 'inside' }, mounts: {}, network: false, resultsDir, onLog: () => {} },
    limits: { timeMs: 1, memoryBytes: 1, processes: 1, diskBytes: 10_000, logBytes: 1 },
    results: [{ name: /[a-z]+\.rpm/g, maxBytes: 1_000 }],
    ...options,
  }
  const conversation = createConversation(task, resultsDir, { begin: () => {}, finish: () => {} })
  const incoming = new PassThrough()
  const outgoing = new PassThrough()
  for (const frame of frames) incoming.write(frame)
  incoming.end()
  const error = await conversation.serve(incoming, outgoing).catch((thrown: unknown) => thrown)
  await conversation.settled()
  const said = outgoing.read() as Buffer | null
  const answers = said
    ? [...new FrameReader().push(said)].map((frame) => (frame.kind === 'message' ? frame.value : frame))
    : []
  return { conversation, answers: answers.slice(1), first: answers[0], error, resultsDir }
}

test('the program is told its input first', async () => {
  assert.deepEqual((await talk([])).first, { input: { for: 'inside' } })
})

test('a download lands in the folder that the program sees, and its failure is told', async () => {
  const asked: string[] = []
  const onFetch = async (url: string, into: string) => {
    asked.push(url)
    if (url.endsWith('/bad')) throw new Error('not found')
    writeFileSync(into, 'fetched')
  }
  const { answers } = await talk(
    [
      encodeMessage({ kind: 'fetch', id: 1, url: 'https://example.com/good' }),
      encodeMessage({ kind: 'fetch', id: 2, url: 'https://example.com/bad' }),
      encodeMessage({ kind: 'fetch', id: 3, url: 7 }),
    ],
    { onFetch },
  )

  assert.deepEqual(asked, ['https://example.com/good', 'https://example.com/bad'])
  assert.deepEqual(
    answers.toSorted((a, b) => (a as { id: number }).id - (b as { id: number }).id),
    [
      { id: 1, ok: '/in/fetched/1' },
      { id: 2, error: 'not found' },
      { id: 3, error: 'not a URL: 7' },
    ],
  )
})

test('a step that may not download is told so', async () => {
  const { answers } = await talk([encodeMessage({ kind: 'fetch', id: 1, url: 'https://example.com/' })])
  assert.deepEqual(answers, [{ id: 1, error: 'this step may not download anything' }])
})

test('a pattern for names means the whole name, each time it is asked', async () => {
  const begin = (id: number, name: string) => encodeMessage({ kind: 'file', id, name })
  const end = encodeMessage({ kind: 'file-end', id: 9 })
  const { resultsDir } = await talk([
    begin(1, 'a.rpm.sh'),
    begin(2, 'a.rpm'),
    end,
    begin(3, 'b.rpm'),
    end,
    begin(4, 'b.rpm'),
  ])

  assert.deepEqual(readdirSync(resultsDir).sort(), ['a.rpm', 'b.rpm'])
})

test('a task that does not understand what the program tells ends the conversation', async () => {
  const onProgress = () => {
    throw new Error('what?')
  }
  const { error } = await talk([encodeMessage({ kind: 'progress', value: 1 })], { onProgress })
  assert.match(String(error), /a progress message that was not understood: what\?/)
})

test('whatever the program says, only files of the list are written, and only its own fault is thrown', async () => {
  const name = fc.oneof(
    fc.constantFrom('a.rpm', 'b.rpm', '../x.rpm', '/tmp/x.rpm', 'a/b.rpm', '..', 'x'),
    fc.string(),
    fc.integer(),
  )
  const message = fc.record(
    {
      kind: fc.oneof(
        fc.constantFrom('begin', 'file', 'file-end', 'fetch', 'progress', 'finish', '__proto__'),
        fc.string(),
      ),
      id: fc.oneof(fc.nat(), fc.nat(), fc.anything({ maxDepth: 0 })),
      name,
      url: fc.webUrl(),
      value: fc.jsonValue(),
    },
    { requiredKeys: ['kind', 'id'] },
  )
  const frame = fc.oneof(
    { weight: 8, arbitrary: message.map((value) => encodeMessage(value)) },
    { weight: 4, arbitrary: fc.uint8Array({ maxLength: 800 }).map((data) => encodeData(Buffer.from(data))) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 20 }).map((data) => Buffer.from(data)) },
  )
  const outside = readdirSync(dir).filter((entry) => !entry.startsWith('results-'))
  await fc.assert(
    fc.asyncProperty(fc.array(frame, { maxLength: 20 }), async (frames) => {
      const { error, resultsDir, conversation } = await talk(frames)
      assert.ok(error === undefined || error instanceof ProtocolError, String(error))
      const names = readdirSync(resultsDir)
      assert.deepEqual(
        names.filter((found) => !/^[a-z]+\.rpm$/.test(found)),
        [],
      )
      assert.deepEqual(conversation.files.map((file) => file.name).sort(), names.sort())
      rmSync(resultsDir, { recursive: true })
    }),
    { numRuns: 300 },
  )
  assert.deepEqual(
    readdirSync(dir).filter((entry) => !entry.startsWith('results-')),
    outside,
  )
})
