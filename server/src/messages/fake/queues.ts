/** A message, which stays in its queue until somebody has acknowledged it. */
export interface QueuedMessage {
  topic: string
  content: Buffer
  /** Header properties as they came. */
  properties: Buffer
  redelivered: boolean
}

export interface Consumer {
  tag: string
  hasRoom(): boolean
  deliver(message: QueuedMessage): void
  /** The queue is gone. */
  cancelled(): void
}

export interface QueueOptions {
  durable: boolean
  exclusive: boolean
  autoDelete: boolean
}

export class FakeQueue {
  readonly bindings = new Set<string>()
  readonly ready: QueuedMessage[] = []
  readonly name: string
  readonly options: QueueOptions
  #consumers: Consumer[] = []

  constructor(name: string, options: QueueOptions) {
    this.name = name
    this.options = options
  }

  get consumers(): readonly Consumer[] {
    return this.#consumers
  }

  add(consumer: Consumer): void {
    this.#consumers.push(consumer)
    this.pump()
  }

  remove(consumer: Consumer): void {
    this.#consumers = this.#consumers.filter((other) => other !== consumer)
  }

  /** What was delivered and not acknowledged goes to the front again, in its order. */
  giveBack(messages: readonly QueuedMessage[]): void {
    for (const message of messages) message.redelivered = true
    this.ready.unshift(...messages)
    this.pump()
  }

  put(message: QueuedMessage): void {
    this.ready.push(message)
    this.pump()
  }

  /** Gives what is ready to the consumers in turn, as far as they have room. */
  pump(): void {
    for (;;) {
      const consumer = this.#consumers.find((one) => one.hasRoom())
      const message = consumer && this.ready.shift()
      if (!consumer || !message) return
      this.#consumers = [...this.#consumers.filter((one) => one !== consumer), consumer]
      consumer.deliver(message)
    }
  }

  matches(topic: string): boolean {
    return [...this.bindings].some((pattern) => matchTopic(pattern, topic))
  }
}

/** `*` is one word of a topic, `#` any number of them. */
export function matchTopic(pattern: string, topic: string): boolean {
  const match = (words: string[], left: string[]): boolean => {
    const [word, ...rest] = words
    if (word === undefined) return left.length === 0
    if (word === '#') return match(rest, left) || (left.length > 0 && match(words, left.slice(1)))
    return left.length > 0 && (word === '*' || word === left[0]) && match(rest, left.slice(1))
  }
  return match(pattern.split('.'), topic.split('.'))
}
