import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { findTree, isAlive, killTree } from './process-tree.ts'

test('a tree ends whole, and with it what lost its parent but is still of its group', async () => {
  // the first `sleep` is nobody's child: the shell that began it has ended
  const root = spawn('sh', ['-c', '(sleep 1000 & echo $!); exec sleep 1000'], { detached: true })
  const [line] = (await once(root.stdout, 'data')) as [Buffer]
  const orphan = Number(line.toString())
  assert.ok(root.pid && isAlive(orphan))
  assert.ok(!findTree(root.pid).includes(orphan))

  killTree(root.pid)
  await once(root, 'exit')
  while (isAlive(orphan)) await sleep(5)
})
