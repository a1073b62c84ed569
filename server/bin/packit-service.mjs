#!/usr/bin/env node
// Starts the service on the pinned Node 24, whichever Node the machine calls this file with (20 parses it).
import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))

if (Number.parseInt(process.versions.node, 10) >= 24) {
  process.argv[1] = main
  await import('../src/main.ts')
} else {
  const child = spawn(findPinnedNode(), [main, ...process.argv.slice(2)], { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => {
    if (signal) {
      process.removeAllListeners(signal)
      process.kill(process.pid, signal)
    } else process.exit(code ?? 1)
  })
}

function findPinnedNode() {
  try {
    return createRequire(import.meta.url).resolve(`node-linux-${process.arch}/bin/node`)
  } catch {
    console.error('packit-service: the pinned Node 24 is not installed. Run "npm ci" in the project folder.')
    process.exit(2)
  }
}
