/** A member of a struct or union; `bits` makes it a bit field. */
export interface WrittenMember {
  readonly name: string;
  readonly type: number;
  /** In bits. */
  readonly offset: number;
  readonly bits?: number;
}

/** Writes BTF, type by type. Each gives its id; ids may be used before they are given. */
export interface BtfWriter {
  int(name: string, bytes: number): number;
  pointer(to: number): number;
  array(of: number, count: number): number;
  struct(name: string, bytes: number, members: readonly WrittenMember[]): number;
  union(name: string, bytes: number, members: readonly WrittenMember[]): number;
  /** A type that is a name of another: typedef 8, volatile 9, const 10, restrict 11, type tag 18. */
  alias(kind: number, name: string, of: number): number;
  func(name: string): number;
  /** A type of any kind with any words behind it. */
  raw(kind: number, name: string, count: number, size: number, words: readonly number[]): number;
  encode(): Buffer;
}

/** An empty writer. */
export function createBtfWriter(): BtfWriter {
  const words: number[] = [];
  let strings = '\0';
  let ids = 0;
  const nameOf = (name: string): number => {
    if (name === '') return 0;
    const found = strings.indexOf(`\0${name}\0`) + 1;
    if (found > 0) return found;
    strings += `${name}\0`;
    return strings.length - name.length - 1;
  };
  const raw: BtfWriter['raw'] = (kind, name, count, size, more) => {
    words.push(nameOf(name), ((kind << 24) | count) >>> 0, size, ...more);
    return ++ids;
  };
  const composite = (kind: number, name: string, bytes: number, members: readonly WrittenMember[]): number => {
    const bitFields = members.some(({ bits }) => bits !== undefined);
    const more = members.flatMap((member) => [nameOf(member.name), member.type, (((member.bits ?? 0) << 24) | member.offset) >>> 0]);
    return raw(bitFields ? kind | 0x80 : kind, name, members.length, bytes, more);
  };
  return {
    raw,
    int: (name, bytes) => raw(1, name, 0, bytes, [bytes * 8]),
    pointer: (to) => raw(2, '', 0, to, []),
    array: (of, count) => raw(3, '', 0, 0, [of, 1, count]),
    struct: (name, bytes, members) => composite(4, name, bytes, members),
    union: (name, bytes, members) => composite(5, name, bytes, members),
    alias: (kind, name, of) => raw(kind, name, 0, of, []),
    func: (name) => raw(12, name, 0, 0, []),
    encode() {
      const text = Buffer.from(strings, 'latin1');
      const bytes = Buffer.alloc(24 + words.length * 4 + text.length);
      bytes.writeUInt16LE(0xeb9f, 0);
      bytes[2] = 1;
      bytes.writeUInt32LE(24, 4);
      bytes.writeUInt32LE(0, 8);
      bytes.writeUInt32LE(words.length * 4, 12);
      bytes.writeUInt32LE(words.length * 4, 16);
      bytes.writeUInt32LE(text.length, 20);
      for (const [index, word] of words.entries()) bytes.writeUInt32LE(word, 24 + index * 4);
      text.copy(bytes, 24 + words.length * 4);
      return bytes;
    },
  };
}
