import type { Guard } from '../domain/backend.ts'
import type { Forge } from './forge.ts'

/** A forge that is left alone while it does not answer. What may be answered from memory says nothing about it. */
export function guardForge(forge: Forge, guard: Guard): Forge {
  return {
    source: forge.source,
    host: forge.host,
    createCheck: (...args) => guard(() => forge.createCheck(...args)),
    updateCheck: (...args) => guard(() => forge.updateCheck(...args)),
    findCheck: (...args) => guard(() => forge.findCheck(...args)),
    setStatus: (...args) => guard(() => forge.setStatus(...args)),
    addComment: (...args) => guard(() => forge.addComment(...args)),
    findComment: (...args) => guard(() => forge.findComment(...args)),
    acknowledge: (...args) => guard(() => forge.acknowledge(...args)),
    findPermission: (...args) => guard(() => forge.findPermission(...args)),
    findPullRequest: (...args) => guard(() => forge.findPullRequest(...args)),
    listOpenPullRequests: (...args) => guardEach(forge.listOpenPullRequests(...args), guard),
    findTagCommit: (...args) => guard(() => forge.findTagCommit(...args)),
    isOnBranch: (...args) => guard(() => forge.isOnBranch(...args)),
    findRepository: (...args) => guard(() => forge.findRepository(...args)),
    listRepositories: () => guardEach(forge.listRepositories(), guard),
    listDeliveries: (...args) => guardEach(forge.listDeliveries(...args), guard),
    redeliver: (...args) => guard(() => forge.redeliver(...args)),
    fetchAuthorization: (...args) => forge.fetchAuthorization(...args),
    limits: () => forge.limits(),
  }
}

/** Each step of a list may ask for a page. */
async function* guardEach<T>(list: AsyncIterable<T>, guard: Guard): AsyncGenerator<T> {
  const iterator = list[Symbol.asyncIterator]()
  try {
    for (;;) {
      const step = await guard(() => iterator.next())
      if (step.done) return
      yield step.value
    }
  } finally {
    await iterator.return?.()
  }
}
