/** How long some work computes, in ms: what else the machine does meanwhile is not counted, as a clock would. */
export function cpuMs(work: () => unknown): number {
  const before = process.threadCpuUsage()
  work()
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / 1000
}
