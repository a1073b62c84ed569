import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { FakesOptions } from './fakes.ts'
import type { Answered, Answers, Asked } from './fakes-process.ts'

const PROGRAM = fileURLToPath(new URL('fakes-process.ts', import.meta.url))

/** The fakes in their process: each of their functions, and what it takes of memory. */
export interface FakesClient extends AsyncDisposable {
  pid: number
  ask<Name extends keyof Answers>(name: Name, ...given: Parameters<Answers[Name]>): ReturnType<Answers[Name]>
}

export async function openFakes(options: FakesOptions): Promise<FakesClient> {
  const child = fork(PROGRAM, { serialization: 'advanced', stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>()
  let number = 0
  const failAll = () => {
    for (const { reject } of waiting.values()) reject(new Error('the fakes have ended'))
    waiting.clear()
  }
  child.on('exit', failAll)
  child.on('message', (message) => {
    const answered = message as Answered
    const found = waiting.get(answered.number)
    waiting.delete(answered.number)
    if ('error' in answered) found?.reject(new Error(`the fakes: ${answered.error}`))
    else found?.resolve(answered.value)
  })
  const ask: FakesClient['ask'] = (name, ...given) => {
    number += 1
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    waiting.set(number, { resolve, reject })
    child.send({ number, name, arguments: given } satisfies Asked)
    // the answer is that of the function of this name
    return promise as ReturnType<Answers[typeof name]>
  }
  await ask('open', options)
  return {
    pid: child.pid ?? 0,
    ask,
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.disconnect()
      await ended
    },
  }
}
