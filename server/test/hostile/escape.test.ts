import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { openRange } from './attack.ts'

const range = openRange()
after(() => range[Symbol.asyncDispose]())

/** A service of this machine; counts who comes. */
async function listen(where: Parameters<Server['listen']>[0]): Promise<{ server: Server; came: () => number }> {
  let count = 0
  const server = createServer((socket) => {
    count++
    socket.end()
  })
  await new Promise<void>((resolve) => server.listen(where, resolve))
  return { server, came: () => count }
}

/** A script that connects and prints how that went. */
function connect(options: object): string {
  const code = `net.connect(${JSON.stringify(options)}).on("connect", () => { console.log("connected"); process.exit() }).on("error", (e) => console.log(e.code))`
  return `timeout 3 /packit/node -e '${code}'`
}

test('nothing on this machine or beyond can be reached over IPv4 or IPv6', async () => {
  const { server, came } = await listen({ port: 0, host: '::' })
  const port = (server.address() as { port: number }).port
  const own = Object.values(networkInterfaces()).flatMap((all) => all ?? [])
  const hosts = new Set(['127.0.0.1', '::1', '192.0.2.1', '169.254.169.254', ...own.map(({ address }) => address)])
  const script = [...hosts].map((host) => connect({ host, port })).join('; ')
  const { log, end } = await range.attack({ script, limits: { timeMs: 30_000 } })
  server.close()

  assert.equal(end, 'finished')
  assert.equal(came(), 0)
  assert.doesNotMatch(log, /connected/)
  assert.match(log, /ENETUNREACH/)
})

test('no name is resolved', async () => {
  const { log } = await range.attack({
    script: `timeout 5 /packit/node -e 'dns.lookup("example.com", (e) => console.log(e ? e.code : "resolved"))'`,
  })

  assert.match(log, /EAI_AGAIN|ENOTFOUND/)
})

test('a socket of this machine cannot be reached by its path or its abstract name', async () => {
  const path = join(range.dir, 'service.sock')
  const byPath = await listen({ path })
  const byName = await listen({ path: `\0${path}` })
  const abstract = `net.connect("\\0" + ${JSON.stringify(path)}).on("connect", () => console.log("connected")).on("error", (e) => console.log(e.code))`
  const { log } = await range.attack({ script: `${connect({ path })}; /packit/node -e '${abstract}'` })
  byPath.server.close()
  byName.server.close()

  assert.equal(log, 'ENOENT\nECONNREFUSED\n')
  assert.equal(byPath.came() + byName.came(), 0)
})

test('its own loopback works: test suites use it', async () => {
  const code = `const s = net.createServer((c) => c.end("hello")).listen(0, "127.0.0.1", () => net.connect(s.address().port, "127.0.0.1").on("data", (d) => { console.log(String(d)); process.exit() }))`
  const { log } = await range.attack({ script: `/packit/node -e '${code}'` })

  assert.equal(log, 'hello\n')
})

test('no namespace can be made inside', async () => {
  const { log } = await range.attack({
    script:
      'for n in user mount pid net ipc uts; do unshare --$n true 2>/dev/null && echo "made $n"; done; unshare --user --map-root-user --mount id; bwrap --unshare-user --ro-bind / / id; true',
  })

  assert.doesNotMatch(log, /made|uid=/)
  assert.match(log, /unshare/)
})

test('nothing can be mounted, remounted or unmounted', async () => {
  const { log } = await range.attack({
    script: `mount -t tmpfs x /tmp && echo done; mount -o remount,rw / && echo done; mount -o remount,rw,bind /usr && echo done
      umount -l /tmp && echo done; mount --bind /build /usr && echo done; mknod /build/sda b 8 0 && echo done; chroot /build /bin/true && echo done; true`,
  })

  assert.doesNotMatch(log, /^done$/m)
})

test('no program makes anyone root', async () => {
  const { log } = await range.attack({
    script:
      'grep -E "^(NoNewPrivs|CapEff|CapBnd)" /proc/self/status; for p in "su -c id" "sudo -n id" "newgrp root" "setpriv --reuid 0 id"; do timeout 2 $p < /dev/null; done; id',
  })

  assert.match(log, /NoNewPrivs:\t1/)
  assert.match(log, /CapEff:\t0+$/m)
  assert.doesNotMatch(log, /uid=0/)
  assert.match(log, /^uid=1000\(builder\)/m)
})

test('what is written to places that both sides have stays inside', async () => {
  const name = `packit-escape-${process.pid}`
  const { log } = await range.attack({
    script: `for d in /tmp /var/tmp /dev/shm /build; do echo x > $d/${name} && echo $d; done; ls /tmp /var/tmp; true`,
  })

  assert.match(log, /^\/tmp\n\/var\/tmp\n\/dev\/shm\n\/build$/m)
  for (const dir of ['/tmp', '/var/tmp', '/dev/shm', '/build']) assert.equal(existsSync(join(dir, name)), false, dir)
})

test('inputs cannot be changed', async () => {
  const { log } = await range.attack({
    script:
      'echo pwned > /in/input/attack.ts; chmod 777 /in/input/attack.ts; rm -rf /in/input; mv /in/input /build/; echo pwned >> /packit/server/package.json; true',
    task: { mounts: { '/in/input': import.meta.dirname } },
  })

  assert.match(log, /Read-only file system/)
  assert.equal(existsSync(join(import.meta.dirname, 'attack.ts')), true)
})

const CALLS = `
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
int main(void) {
  printf("keyctl: %s\\n", syscall(SYS_keyctl, 0, -3, 0) < 0 ? strerror(errno) : "possible");
  printf("add_key: %s\\n", syscall(SYS_add_key, "user", "x", "y", 1, -2) < 0 ? strerror(errno) : "possible");
  printf("bpf: %s\\n", syscall(SYS_bpf, 0, 0, 0) < 0 ? strerror(errno) : "possible");
  printf("io_uring: %s\\n", syscall(SYS_io_uring_setup, 1, 0) < 0 ? strerror(errno) : "possible");
#ifdef __x86_64__
  printf("x32: %s\\n", syscall(0x40000000 + 39) < 0 ? strerror(errno) : "possible");
  long old;
  __asm__ volatile("int $0x80" : "=a"(old) : "a"(20L) : "memory");
  printf("32-bit: %s\\n", old < 0 ? strerror(-old) : "possible");
#endif
  return 0;
}`

test('keys of the account, tracing of the machine and calls of other architectures do not exist inside', async () => {
  const { log } = await range.attack({
    script: `cat > /build/c.c <<'END'\n${CALLS}\nEND\ngcc -w -o /build/c /build/c.c && /build/c`,
  })

  assert.match(log, /keyctl: Function not implemented/)
  assert.deepEqual(
    log
      .trim()
      .split('\n')
      .filter((line) => !line.endsWith(': Function not implemented')),
    [],
  )
})
