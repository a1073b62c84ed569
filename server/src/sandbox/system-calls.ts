/**
 * Kernel interfaces that no build needs and that namespaces don't cut off: keys of the account (a keyring may hold
 * tickets of whoever started the service), tracing of the machine, interfaces known for ways out, memory that belongs to no
 * process and no file system, which a watchdog can't see (programs take a file instead). Numbers from the
 * kernel's tables, include/uapi/asm-generic/unistd.h and arch/x86/entry/syscalls/syscall_64.tbl.
 */
const REFUSED = {
  x64: {
    arch: 0xc000003e,
    calls: {
      ...{ add_key: 248, request_key: 249, keyctl: 250, perf_event_open: 298, open_by_handle_at: 304, bpf: 321 },
      ...{ userfaultfd: 323, io_uring_setup: 425, io_uring_enter: 426, io_uring_register: 427 },
      ...{ memfd_create: 319, memfd_secret: 447 },
    },
    shmget: 29,
  },
  arm64: {
    arch: 0xc00000b7,
    calls: {
      ...{ add_key: 217, request_key: 218, keyctl: 219, perf_event_open: 241, open_by_handle_at: 265, bpf: 280 },
      ...{ userfaultfd: 282, io_uring_setup: 425, io_uring_enter: 426, io_uring_register: 427 },
      ...{ memfd_create: 279, memfd_secret: 447 },
    },
    shmget: 194,
  },
} as const

/** Instructions and results of the kernel's filter language (linux/filter.h, linux/seccomp.h). */
const OP = { load: 0x20, ifEqual: 0x15, ifAtLeast: 0x35, end: 0x06 } as const
const ALLOW = 0x7fff0000
/** "Not implemented": programs that ask for such a thing have another way then. */
const REFUSE = 0x00050000 | 38
const OFFSET = { call: 0, arch: 4, size: 24, sizeHigh: 28 } as const
/** Shared memory of System V is such memory too; databases make a small piece of it as a lock. */
const MOST_SHARED_BYTES = 65_536
/** Numbers from here on are the x32 variants of the same calls. */
const X32 = 0x40000000

/**
 * The filter as bubblewrap takes it (`--seccomp`). Calls of another architecture, such as 32-bit ones on a 64-bit
 * machine, are refused as a whole: their numbers mean something else.
 *
 * @param arch  as Node names it
 * @returns undefined for an architecture whose numbers aren't in the table
 */
export function makeCallFilter(arch: string): Buffer | undefined {
  if (arch !== 'x64' && arch !== 'arm64') return undefined
  const { arch: own, calls, shmget } = REFUSED[arch]
  const numbers: number[] = Object.values(calls)
  const tests = [...(arch === 'x64' ? [[OP.ifAtLeast, X32]] : []), ...numbers.map((number) => [OP.ifEqual, number])]
  // the last two instructions are the answers; jumps count the instructions to leave out
  const last = [
    instruction(OP.ifEqual, shmget, 0, 4),
    instruction(OP.load, OFFSET.sizeHigh),
    instruction(OP.ifEqual, 0, 0, 3),
    instruction(OP.load, OFFSET.size),
    instruction(OP.ifAtLeast, MOST_SHARED_BYTES + 1, 1, 0),
    instruction(OP.end, ALLOW),
    instruction(OP.end, REFUSE),
  ]
  const rest = tests.length + last.length - 2
  return Buffer.concat([
    instruction(OP.load, OFFSET.arch),
    instruction(OP.ifEqual, own, 0, rest + 2),
    instruction(OP.load, OFFSET.call),
    ...tests.map(([op = 0, value = 0], i) => instruction(op, value, rest - i, 0)),
    ...last,
  ])
}

function instruction(op: number, value: number, whenTrue = 0, whenFalse = 0): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeUInt16LE(op, 0)
  bytes.writeUInt8(whenTrue, 2)
  bytes.writeUInt8(whenFalse, 3)
  bytes.writeUInt32LE(value >>> 0, 4)
  return bytes
}
