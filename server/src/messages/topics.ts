/** The topics we listen to, without their prefix, and what their messages are about. */
export const TOPICS = {
  'copr.build.start': 'copr-build',
  'copr.build.end': 'copr-build',
} as const

export type Topic = keyof typeof TOPICS

/** The keys that our queue is bound by. */
export function bindingKeys(prefix: string): string[] {
  return Object.keys(TOPICS).map((topic) => `${prefix}.${topic}`)
}

/** The topic of ours that a message has; undefined when it has another, or one of another sender. */
export function findTopic(full: string, prefix: string): Topic | undefined {
  const topic = full.startsWith(`${prefix}.`) ? full.slice(prefix.length + 1) : ''
  return Object.hasOwn(TOPICS, topic) ? (topic as Topic) : undefined
}
