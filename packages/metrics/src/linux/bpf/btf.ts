import { HecateError } from '@hecate/host';
import type { Sliced } from '../../model/collector.ts';

/** Kinds of types that are asked for here (kernel: include/uapi/linux/btf.h). */
export const BTF_KIND = { pointer: 2, array: 3, struct: 4, union: 5, func: 12 } as const;

/** Where a member lies that a dotted path leads to. */
export interface MemberPath {
  /** Offsets in bytes: each but the last is that of a pointer, which the next one starts from. */
  readonly loads: readonly number[];
  /** Bytes of the member. */
  readonly size: number;
  /** Set when the way goes through an array of a named type (`atomic_long_t count[4]`), which some verifiers cannot follow. */
  readonly named?: true;
}

/** The types of a kernel: where the members of its structures lie. */
export interface Btf {
  /** Id of the struct with this name, or 0. Only names that the scan was given are known. */
  struct(name: string): number;
  /** Id of the function with this name, or 0. Only names that the scan was given are known. */
  func(name: string): number;
  /** Whether anything (a constant, for one) has this name. */
  knows(name: string): boolean;
  /**
   * Follows `signal.nr_threads`, `mm.rss_stat.1.count` from a struct: through pointers, anonymous members and array elements.
   * Null when a part is not there.
   */
  path(struct: number, path: string): MemberPath | null;
}

const MAGIC = 0xeb9f;
const HEADER_BYTES = 24;
const POINTER_BYTES = 8;
/** Types give way to others in this many steps at the most; more is a circle in damaged data. */
const DEEPEST = 32;
/** Give way after so many types: about a millisecond. */
const SLICE = 4096;
/** Typedef, volatile, const, restrict, type tag: names for another type. */
const ALIASES = new Set([8, 9, 10, 11, 18]);

const broken = (why: string): HecateError => new HecateError('FAILED', `The type information of the kernel (BTF) is damaged: ${why}.`);

/** Words that follow the three of every type; -1 for a kind that is not known, which no scan can get past. */
function extraWords(kind: number, count: number): number {
  switch (kind) {
    case 1: // int
    case 14: // variable
    case 17: // declaration tag
      return 1;
    case BTF_KIND.array:
      return 3;
    case BTF_KIND.struct:
    case BTF_KIND.union:
    case 15: // data section
    case 19: // enum of 64 bits
      return count * 3;
    case 6: // enum
    case 13: // function prototype
      return count * 2;
    case BTF_KIND.pointer:
    case 7: // forward declaration
    case BTF_KIND.func:
    case 16: // float
      return 0;
    default:
      return ALIASES.has(kind) ? 0 : -1;
  }
}

/**
 * Scans BTF (kernel: Documentation/bpf/btf.rst): the type section once, for where each type begins and for the structs and
 * functions that are `wanted`. Names are never decoded: each is stored once, and compared by its place.
 * The answer reads from `bytes` as long as it is used. Throws UNSUPPORTED when it is of another kind or byte order, FAILED when damaged.
 */
export function* scanBtf(bytes: Buffer, wanted: readonly string[]): Sliced<Btf> {
  if (bytes.length < HEADER_BYTES || bytes.readUInt16LE(0) !== MAGIC) {
    throw new HecateError('UNSUPPORTED', 'The type information of the kernel (BTF) is not little-endian BTF.');
  }
  const header = bytes.readUInt32LE(4);
  const typesAt = header + bytes.readUInt32LE(8);
  const typesLength = bytes.readUInt32LE(12);
  const stringsAt = header + bytes.readUInt32LE(16);
  const stringsLength = bytes.readUInt32LE(20);
  if (typesAt + typesLength > bytes.length || stringsAt + stringsLength > bytes.length) throw broken('a section ends behind the file');
  const strings = bytes.subarray(stringsAt, stringsAt + stringsLength);
  if ((bytes.byteOffset + typesAt) % 4 !== 0) throw broken('its types are not aligned');
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset + typesAt, typesLength >>> 2);
  const offsetOf = nameOffsets(strings);
  const names = new Map(wanted.map((name) => [offsetOf(name), name]));
  names.delete(0);
  const structs = new Map<string, number>();
  const funcs = new Map<string, number>();
  // A type has 3 words at least. Id 0 is void and has none.
  let starts = new Uint32Array(65_536);
  let id = 1;
  for (let at = 0; at < words.length; id++) {
    if (id === starts.length) {
      const longer = new Uint32Array(starts.length * 2);
      longer.set(starts);
      starts = longer;
    }
    starts[id] = at;
    const info = words[at + 1] ?? 0;
    const kind = (info >>> 24) & 31;
    const extra = extraWords(kind, info & 0xffff);
    if (extra < 0)
      throw new HecateError('UNSUPPORTED', `The type information of the kernel (BTF) has a kind of type (${kind}) that is not known.`);
    if (kind === BTF_KIND.struct || kind === BTF_KIND.func) {
      const name = names.get(words[at]!);
      const found = kind === BTF_KIND.func ? funcs : structs;
      if (name !== undefined && !found.has(name)) found.set(name, id);
    }
    at += 3 + extra;
    if (at > words.length) throw broken('its last type is cut');
    if (id % SLICE === 0) yield;
  }
  return {
    struct: (name) => structs.get(name) ?? 0,
    func: (name) => funcs.get(name) ?? 0,
    knows: (name) => offsetOf(name) !== 0,
    path: memberFinder(words, starts, id, offsetOf),
  };
}

/** Where a name lies in the string section; 0 (the empty name) when it is not there. */
function nameOffsets(strings: Buffer): (name: string) => number {
  const known = new Map<string, number>();
  return (name) => {
    let offset = known.get(name);
    if (offset === undefined) {
      offset = strings.indexOf(`\0${name}\0`, 0, 'latin1') + 1;
      known.set(name, offset);
    }
    return offset;
  };
}

interface Member {
  readonly offset: number;
  readonly type: number;
}

function memberFinder(words: Uint32Array, starts: Uint32Array, end: number, offsetOf: (name: string) => number): Btf['path'] {
  const startOf = (id: number): number => {
    if (id === 0 || id >= end) throw broken(`there is no type ${id}`);
    return starts[id]!;
  };
  const word = (at: number): number => words[at]!;
  const kindAt = (at: number): number => (word(at + 1) >>> 24) & 31;

  /** The type that a name stands for. */
  const behind = (id: number): number => {
    for (let step = 0; step < DEEPEST; step++) {
      const at = startOf(id);
      if (!ALIASES.has(kindAt(at))) return id;
      id = word(at + 2);
    }
    throw broken('a type is a name of itself');
  };

  const sizeOf = (id: number, depth: number = 0): number => {
    if (depth > DEEPEST) throw broken('an array holds itself');
    const at = startOf(behind(id));
    const kind = kindAt(at);
    if (kind === BTF_KIND.pointer) return POINTER_BYTES;
    return kind === BTF_KIND.array ? word(at + 5) * sizeOf(word(at + 3), depth + 1) : word(at + 2);
  };

  /** A member by the place of its name, through anonymous structs and unions. */
  const member = (id: number, name: number, depth: number = 0): Member | null => {
    if (depth > DEEPEST) throw broken('a struct holds itself');
    const start = startOf(id);
    const kind = kindAt(start);
    if (kind !== BTF_KIND.struct && kind !== BTF_KIND.union) return null;
    // With the flag, an offset's upper eight bits are the size of a bit field.
    const bitFields = word(start + 1) >>> 31 === 1;
    const count = word(start + 1) & 0xffff;
    for (let at = start + 3; at < start + 3 + count * 3; at += 3) {
      const bits = bitFields ? word(at + 2) & 0xff_ffff : word(at + 2);
      if (word(at) === name) {
        if ((bitFields && word(at + 2) >>> 24 !== 0) || bits % 8 !== 0) return null;
        return { offset: bits / 8, type: word(at + 1) };
      }
      if (word(at) !== 0) continue;
      const inner = member(behind(word(at + 1)), name, depth + 1);
      if (inner) return { offset: bits / 8 + inner.offset, type: inner.type };
    }
    return null;
  };

  return (struct, path) => {
    const loads: number[] = [];
    let offset = 0;
    let type = struct;
    let named = false;
    for (const part of path.split('.')) {
      type = behind(type);
      let at = startOf(type);
      if (kindAt(at) === BTF_KIND.pointer) {
        loads.push(offset);
        offset = 0;
        type = behind(word(at + 2));
        at = startOf(type);
      }
      if (kindAt(at) === BTF_KIND.array) {
        type = word(at + 3);
        named ||= behind(type) !== type && kindAt(startOf(behind(type))) === BTF_KIND.struct;
        offset += Number(part) * sizeOf(type);
        if (Number.isNaN(offset)) return null;
        continue;
      }
      const name = offsetOf(part);
      const found = name === 0 ? null : member(type, name);
      if (!found) return null;
      offset += found.offset;
      type = found.type;
    }
    loads.push(offset);
    return { loads, size: sizeOf(type), ...(named ? { named } : {}) };
  };
}
