/** How a field lies in memory. macOS is little-endian on both architectures. */
export type FieldType = 'u8' | 'i8' | 'u16' | 'i16' | 'u32' | 'i32' | 'u64' | 'i64';

/** One field of a C structure: its name in Apple's header, its offset in bytes, its type. */
export type LayoutField = readonly [name: string, offset: number, type: FieldType];

/** A text in an array of char: its name, its offset, the bytes of the array. */
export type LayoutText = readonly [name: string, offset: number, length: number];

/** What we read of one C structure. The structures that we read are the same on both architectures; a test holds this against the facts. */
export interface Layout {
  /** The structure's name in the header. */
  readonly struct: string;
  /** Its size in bytes, as the oldest macOS that we know has it. */
  readonly size: number;
  readonly fields: Readonly<Record<string, LayoutField>>;
  readonly texts?: Readonly<Record<string, LayoutText>>;
}

const HIGH = 2 ** 32;

/** A field of the structure that begins at `base`, as a number; 64 bits above 2^53 to the nearest double. */
export function readField(bytes: Buffer, field: LayoutField, base = 0): number {
  // By index: taking a tuple apart goes through an iterator, and this is what reading costs most.
  const at = base + field[1];
  switch (field[2]) {
    case 'u8':
      return bytes.readUInt8(at);
    case 'i8':
      return bytes.readInt8(at);
    case 'u16':
      return bytes.readUInt16LE(at);
    case 'i16':
      return bytes.readInt16LE(at);
    case 'u32':
      return bytes.readUInt32LE(at);
    case 'i32':
      return bytes.readInt32LE(at);
    case 'u64':
      // Two halves are ten times quicker than a BigInt.
      return bytes.readUInt32LE(at + 4) * HIGH + bytes.readUInt32LE(at);
    case 'i64':
      return bytes.readInt32LE(at + 4) * HIGH + bytes.readUInt32LE(at);
  }
}

/** A text of the structure that begins at `base`, up to its NUL; invalid UTF-8 is replaced. */
export function readText(bytes: Buffer, [, offset, length]: LayoutText, base = 0): string {
  const start = base + offset;
  const end = bytes.indexOf(0, start);
  return bytes.toString('utf8', start, end < 0 || end > start + length ? start + length : end);
}

/** Writes an integer into a field of a structure; of one that is too large the low bytes. */
export function writeField(bytes: Buffer, [, at, type]: LayoutField, value: number): void {
  switch (type) {
    case 'u8':
    case 'i8':
      bytes.writeUInt8(value & 0xff, at);
      return;
    case 'u16':
    case 'i16':
      bytes.writeUInt16LE(value & 0xff_ff, at);
      return;
    case 'u32':
    case 'i32':
      bytes.writeUInt32LE(value >>> 0, at);
      return;
    case 'u64':
    case 'i64':
      bytes.writeBigInt64LE(BigInt.asIntN(64, BigInt(value)), at);
  }
}
