/** A package that holds nothing but its name: a lead, an empty header of signatures, and a header. */
export function makeRpm(of: {
  name: string
  version: string
  release: string
  arch: string
  epoch?: number
  isSource?: boolean
}): Buffer {
  const lead = Buffer.alloc(96)
  lead.writeUInt32BE(0xedabeedb, 0)
  lead.write(`${of.name}-${of.version}-${of.release}`, 10)
  const texts: [tag: number, text: string][] = [
    [1000, of.name],
    [1001, of.version],
    [1002, of.release],
    [1022, of.arch],
    ...(of.isSource ? [] : [[1044, `${of.name}-${of.version}-${of.release}.src.rpm`] satisfies [number, string]]),
  ]
  return Buffer.concat([lead, header([], undefined), header(texts, of.epoch)])
}

const INT32 = 4
const STRING = 6

function header(texts: readonly [tag: number, text: string][], epoch: number | undefined): Buffer {
  const data: Buffer[] = []
  const entries: Buffer[] = []
  let offset = 0
  const add = (tag: number, type: number, value: Buffer) => {
    const entry = Buffer.alloc(16)
    for (const [i, number] of [tag, type, offset, 1].entries()) entry.writeUInt32BE(number, i * 4)
    entries.push(entry)
    data.push(value)
    offset += value.length
  }
  if (epoch !== undefined) {
    const value = Buffer.alloc(4)
    value.writeUInt32BE(epoch)
    add(1003, INT32, value)
  }
  for (const [tag, text] of texts) add(tag, STRING, Buffer.from(`${text}\0`))
  const intro = Buffer.alloc(16)
  intro.writeUInt32BE(0x8eade801, 0)
  intro.writeUInt32BE(entries.length, 8)
  intro.writeUInt32BE(offset, 12)
  return Buffer.concat([intro, ...entries, ...data])
}
