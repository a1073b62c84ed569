/** GitHub's merge queue puts each group of pull requests on a branch of its own, below this. */
const QUEUE_BRANCHES = 'gh-readonly-queue/'

export function isQueueBranch(branch: string): boolean {
  return branch.startsWith(QUEUE_BRANCHES)
}
