import { open } from 'node:fs/promises'

/** Name, epoch, version, release and architecture of a package, as its header says them. */
export interface RpmHeader {
  name: string
  epoch: number
  version: string
  release: string
  arch: string
}

/*
 * The form of a package file: https://rpm.org/docs/latest/manual/format_v4.html: a lead of 96 bytes, the header of signatures
 * (padded to 8 bytes), the header of the package. A header: 8 bytes that mark it, the number of entries, the size of the
 * data, entries of 16 bytes (tag, type, offset, count), data.
 */
const LEAD_BYTES = 96
const LEAD_MAGIC = 0xedabeedb
const HEADER_MAGIC = 0x8eade801
const INTRO_BYTES = 16
const ENTRY_BYTES = 16
const MOST_HEADER_BYTES = 64 * 2 ** 20
const TAGS = { name: 1000, version: 1001, release: 1002, epoch: 1003, arch: 1022, sourceRpm: 1044 } as const
const PART = /^[A-Za-z0-9_][A-Za-z0-9._+~^-]{0,199}$/

/** Reads a header without running anything; `undefined` for what is no package, or has names that none of ours has. */
export async function readRpmHeader(path: string): Promise<RpmHeader | undefined> {
  await using file = await open(path)
  const read = async (at: number, bytes: number) => {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, at)
    return bytesRead === bytes ? buffer : undefined
  }
  const lead = await read(0, LEAD_BYTES)
  if (lead?.readUInt32BE(0) !== LEAD_MAGIC) return undefined
  const signatures = await readIntro(LEAD_BYTES, read)
  if (!signatures) return undefined
  const at = LEAD_BYTES + INTRO_BYTES + Math.ceil(signatures.bytes / 8) * 8
  const intro = await readIntro(at, read)
  const body = intro && (await read(at + INTRO_BYTES, intro.bytes))
  return body ? readFields(body, intro.entries) : undefined
}

type Read = (at: number, bytes: number) => Promise<Buffer | undefined>

async function readIntro(at: number, read: Read): Promise<{ entries: number; bytes: number } | undefined> {
  const intro = await read(at, INTRO_BYTES)
  if (intro?.readUInt32BE(0) !== HEADER_MAGIC) return undefined
  const entries = intro.readUInt32BE(8)
  const bytes = entries * ENTRY_BYTES + intro.readUInt32BE(12)
  return bytes <= MOST_HEADER_BYTES ? { entries, bytes } : undefined
}

function readFields(body: Buffer, entries: number): RpmHeader | undefined {
  const data = body.subarray(entries * ENTRY_BYTES)
  const offsets = new Map<number, number>()
  for (let i = 0; i < entries; i++) {
    const at = i * ENTRY_BYTES
    offsets.set(body.readUInt32BE(at), body.readUInt32BE(at + 8))
  }
  const text = (tag: number) => {
    const from = offsets.get(tag)
    const end = from === undefined || from >= data.length ? -1 : data.indexOf(0, from)
    return end < 0 ? undefined : data.toString('utf8', from, end)
  }
  const epochAt = offsets.get(TAGS.epoch)
  const epoch = epochAt !== undefined && epochAt + 4 <= data.length ? data.readUInt32BE(epochAt) : 0
  const parts = [TAGS.name, TAGS.version, TAGS.release, TAGS.arch].map(text)
  if (!parts.every((part): part is string => part !== undefined && PART.test(part))) return undefined
  const [name = '', version = '', release = '', arch = ''] = parts
  // a source package has the architecture that it was made on
  return { name, epoch, version, release, arch: offsets.has(TAGS.sourceRpm) ? arch : 'src' }
}
