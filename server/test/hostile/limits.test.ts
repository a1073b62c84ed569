import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { after, test } from 'node:test'
import { LIMITS, openRange } from './attack.ts'

const range = openRange()
after(() => range[Symbol.asyncDispose]())

/** Process ids of this machine whose command line holds the word. */
function findProcesses(word: string): string[] {
  return readdirSync('/proc').filter((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(word)
    } catch {
      return false
    }
  })
}

test('an endless loop ends at the time limit', async () => {
  const { end, log, durationMs } = await range.attack({ script: 'while :; do :; done', limits: { timeMs: 1_500 } })

  assert.equal(end, 'timed-out')
  assert.equal(log, 'packit: ended: the time limit of 1.5 s was reached\n')
  assert.ok(durationMs < 4_000, `${durationMs} ms`)
})

test('a fork bomb gets no more processes than allowed, and this machine goes on', async () => {
  const script = 'b() { (b &); (b &); sleep 61616; }; b; sleep 61616'
  const bomb = range.attack({ script, limits: { timeMs: 3_000 } })
  await new Promise((resolve) => setTimeout(resolve, 2_000))
  const bombs = findProcesses('61616').length
  const { status } = spawnSync('true')

  // the allowed ones, and Node's and bubblewrap's own
  assert.ok(bombs > 10 && bombs <= LIMITS.processes + 20, `${bombs} processes`)
  assert.equal(status, 0)
  assert.equal((await bomb).end, 'timed-out')
  assert.deepEqual(findProcesses('61616'), [])
})

const FILL_MEMORY = `
  const held = []
  try { while (held.length < 40) held.push(Buffer.alloc(16 * 1024 * 1024, 1)) } catch {}
  setTimeout(() => {}, 60000)`

test('a program that fills the memory is ended', async () => {
  const { end, log } = await range.attack({ script: `/packit/node -e '${FILL_MEMORY}'` })

  assert.equal(end, 'out-of-memory')
  assert.match(log, /packit: ended: .* of memory are in use; 512 MB are allowed/)
})

test('many small programs are ended when their sum passes the memory limit', async () => {
  const one = 'const held = Buffer.alloc(96 * 1024 * 1024, 1); setTimeout(() => held, 60000)'
  const { end } = await range.attack({
    script: `for i in 1 2 3 4 5 6; do /packit/node -e '${one}' & done; wait`,
    // each Node has eleven threads
    limits: { processes: 120 },
  })

  assert.equal(end, 'out-of-memory')
})

test('files in memory count as memory', async () => {
  const script = 'dd if=/dev/zero of=/build/fill bs=1M count=150 2>/dev/null; sleep 60'
  const { end } = await range.attack({ script, limits: { diskBytes: 400 * 2 ** 20, memoryBytes: 128 * 2 ** 20 } })

  assert.equal(end, 'out-of-memory')
})

const FILL_NAMELESS = `
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/shm.h>
int main(void) {
  printf("memfd: %s\\n", memfd_create("x", 0) < 0 ? strerror(errno) : "possible");
  printf("large: %s\\n", shmget(IPC_PRIVATE, 1 << 20, 0600) < 0 ? strerror(errno) : "possible");
  printf("larger than 32 bits: %s\\n", shmget(IPC_PRIVATE, 1L << 32, 0600) < 0 ? strerror(errno) : "possible");
  printf("small: %s\\n", shmget(IPC_PRIVATE, 56, 0600) < 0 ? strerror(errno) : "possible");
  return 0;
}`

test('memory that belongs to no process and no file system, so that nothing would count it, is not to be had', async () => {
  const { log } = await range.attack({
    script: `cat > /build/c.c <<'END'\n${FILL_NAMELESS}\nEND\ngcc -w -o /build/c /build/c.c && /build/c`,
  })

  const refused = 'Function not implemented'
  assert.equal(log, `memfd: ${refused}\nlarge: ${refused}\nlarger than 32 bits: ${refused}\nsmall: possible\n`)
})

test('a program that fills the work tree is ended', async () => {
  const { end, log } = await range.attack({ script: 'cat /dev/zero > /build/fill; sleep 60' })

  assert.equal(end, 'disk-full')
  assert.match(log, /packit: ended: the work tree is full \(32 MB\)/)
})

test('ten million files are too many', async () => {
  const { end, log } = await range.attack({
    script: `/packit/node -e 'for (let i = 0; i < 1e7; i++) fs.writeFileSync("/tmp/" + i, "")'`,
  })

  assert.equal(end, 'disk-full')
  assert.match(log, /more than 10000 files/)
})

test('no folder outside the limits can be written to', async () => {
  const folders =
    '/ /dev /usr /usr/local /etc /in /in/fetched /packit /packit/server/src/domain /var /proc /sys /run /home'
  const { log } = await range.attack({
    script: `for d in ${folders}; do touch $d/x 2>/dev/null && echo $d; done; df -k /dev/shm`,
  })

  const [, size] = /^tmpfs\s+(\d+)/m.exec(log) ?? []
  assert.equal(size, String(16 * 1024))
  assert.doesNotMatch(log, /^\//m)
})

test('a flood of output ends the step, and no more than the limit is passed on', async () => {
  const { end, log } = await range.attack({ script: 'yes flood', limits: { logBytes: 100_000 } })

  assert.equal(end, 'log-limit')
  assert.equal(log.slice(0, 100_000).replaceAll('flood\n', ''), 'floo')
  assert.equal(log.slice(100_000), '\npackit: ended: the log is larger than 98 KB\n')
})

test('a daemon in a session of its own that ignores signals is gone when the step ends', async () => {
  const { end, status } = await range.attack({
    script: `trap "" TERM HUP INT; setsid -f sh -c 'trap "" TERM; sleep 31415926' > /dev/null 2>&1 < /dev/null; sleep 0.3; true`,
  })

  assert.deepEqual([end, status], ['finished', 0])
  assert.deepEqual(findProcesses('31415926'), [])
})

test('a cancelled step is gone at once, whatever it ignores', async () => {
  const controller = new AbortController()
  setTimeout(() => controller.abort(), 800)
  const { end, durationMs } = await range.attack({
    script: `trap "" TERM HUP INT; (setsid sleep 27182818 &); while :; do sleep 1; done`,
    task: { signal: controller.signal },
  })

  assert.equal(end, 'canceled')
  assert.ok(durationMs < 5_000, `${durationMs} ms`)
  assert.deepEqual(findProcesses('27182818'), [])
})

test('a step that kills everything it can reach has ended itself alone', async () => {
  const { end } = await range.attack({ script: 'kill -KILL -1; kill -KILL $PPID; sleep 60' })

  assert.equal(end, 'crashed')
})
