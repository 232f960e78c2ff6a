/** Memory of a pretended kernel: buffers by their addresses. What lies nowhere reads as 0, as in an iterator's program. */
export interface Memory {
  /** Puts bytes at a new address and gives it. */
  put(bytes: Buffer): bigint;
  read(address: bigint, size: number): bigint;
  write(address: bigint, size: number, value: bigint): void;
}

/** An empty memory. */
export function createMemory(): Memory {
  const regions: { at: bigint; bytes: Buffer }[] = [];
  const find = (address: bigint, size: number): { bytes: Buffer; offset: number } | null => {
    for (const { at, bytes } of regions) {
      const offset = Number(address - at);
      if (address >= at && offset + size <= bytes.length) return { bytes, offset };
    }
    return null;
  };
  return {
    put(bytes) {
      const at = BigInt(regions.length + 1) << 32n;
      regions.push({ at, bytes });
      return at;
    },
    read(address, size) {
      const found = find(address, size);
      if (!found) return 0n;
      let value = 0n;
      for (let i = size - 1; i >= 0; i--) value = (value << 8n) | BigInt(found.bytes[found.offset + i]!);
      return value;
    },
    write(address, size, value) {
      const found = find(address, size);
      if (!found) throw new Error(`A program writes to ${address.toString(16)}.`);
      for (let i = 0; i < size; i++) found.bytes[found.offset + i] = Number((value >> BigInt(i * 8)) & 0xffn);
    },
  };
}

/** What helpers give back. */
export interface Helpers {
  /** bpf_get_current_task_btf(). */
  readonly current?: bigint;
}

const SIZES: Readonly<Record<number, number>> = { 0: 4, 8: 2, 16: 1, 24: 8 };
const signed = (value: bigint): bigint => BigInt.asIntN(64, value);

/** Runs a program on a context as the kernel's machine would, and gives the records that it wrote. */
export function runProgram(instructions: Buffer, context: bigint, memory: Memory, helpers: Helpers = {}): Buffer[] {
  const records: Buffer[] = [];
  const stack = memory.put(Buffer.alloc(512, 0xa5));
  const r = Array.from<bigint>({ length: 11 }).fill(0xdead_beefn);
  r[1] = context;
  r[10] = stack + 512n;
  const call = (helper: number): bigint => {
    if (helper === 127) {
      const record = Buffer.alloc(Number(r[3]!));
      for (let i = 0; i < record.length; i++) record[i] = Number(memory.read(r[2]! + BigInt(i), 1));
      records.push(record);
      return 0n;
    }
    if (helper === 113) {
      for (let i = 0n; i < r[2]!; i++) memory.write(r[1]! + i, 1, memory.read(r[3]! + i, 1));
      return 0n;
    }
    if (helper === 158 && helpers.current !== undefined) return helpers.current;
    throw new Error(`A program calls helper ${helper}.`);
  };
  for (let at = 0, steps = 0; steps < 10_000; at++, steps++) {
    const code = instructions[at * 8]!;
    const to = instructions[at * 8 + 1]! & 15;
    const from = instructions[at * 8 + 1]! >> 4;
    const offset = instructions.readInt16LE(at * 8 + 2);
    const value = BigInt(instructions.readInt32LE(at * 8 + 4));
    const size = SIZES[code & 0x18]!;
    const wrap = (result: bigint): bigint => BigInt.asUintN(64, result);
    if ((code & 7) === 1) r[to] = memory.read(r[from]! + BigInt(offset), size);
    else if ((code & 7) === 2) memory.write(r[to]! + BigInt(offset), size, value);
    else if ((code & 7) === 3) memory.write(r[to]! + BigInt(offset), size, r[from]!);
    else if (code === 0xbf) r[to] = r[from]!;
    else if (code === 0xb7) r[to] = wrap(value);
    else if (code === 0x0f) r[to] = wrap(r[to]! + r[from]!);
    else if (code === 0x07) r[to] = wrap(r[to]! + value);
    else if (code === 0x57) r[to] = wrap(r[to]! & wrap(value));
    else if (code === 0x05) at += offset;
    else if (code === 0x15) at += r[to] === wrap(value) ? offset : 0;
    else if (code === 0x55) at += r[to] === wrap(value) ? 0 : offset;
    else if (code === 0x1d) at += r[to] === r[from] ? offset : 0;
    else if (code === 0xa5) at += r[to]! < wrap(value) ? offset : 0;
    else if (code === 0xc5) at += signed(r[to]!) < value ? offset : 0;
    else if (code === 0x85) {
      r[0] = call(Number(value));
      for (let lost = 1; lost <= 5; lost++) r[lost] = 0xdead_beefn;
    } else if (code === 0x95) return records;
    else throw new Error(`A program holds ${code.toString(16)}.`);
  }
  throw new Error('A program does not end.');
}
