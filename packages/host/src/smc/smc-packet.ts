import { nativeBuffer } from '../native.ts';

/**
 * The structure that the system management controller (SMC) is asked with and answers with. No header of Apple's has it: SMCKit, stats and
 * macmon agree about it. A test of the metrics holds this table against the facts.
 */
export const SMC_PACKET = {
  struct: 'SMCParamStruct',
  size: 80,
  /** Name, offset in bytes, type. */
  fields: {
    key: ['key', 0, 'u32'],
    valueSize: ['keyInfo.dataSize', 28, 'u32'],
    valueType: ['keyInfo.dataType', 32, 'u32'],
    result: ['result', 40, 'u8'],
    command: ['data8', 42, 'u8'],
    index: ['data32', 44, 'u32'],
  },
  /** The value: 32 bytes at this offset. */
  bytes: ['bytes', 48, 32],
} as const;

/** What is asked for. */
export const SMC_COMMANDS = { read: 5, write: 6, keyAt: 8, keyInfo: 9 } as const;

/** What the controller answers beside the call's own result. */
export const SMC_RESULTS = { ok: 0, badCommand: 0x82, noKey: 0x84, notReadable: 0x85, notWritable: 0x86, wrongSize: 0x87 } as const;

/** Four letters as the number that stands for them: the first letter is the highest byte. */
export const codeOf = (letters: string): number => Buffer.from(letters, 'latin1').readUInt32BE(0);
/** The four letters of a number. */
export const smcLetters = (code: number): string => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(code >>> 0);
  return bytes.toString('latin1');
};

type SmcField = keyof typeof SMC_PACKET.fields;

/** A number of the packet that these bytes are. */
export function readSmcField(packet: Buffer, field: SmcField): number {
  const [, offset, type] = SMC_PACKET.fields[field];
  return type === 'u8' ? packet.readUInt8(offset) : packet.readUInt32LE(offset);
}

/** Sets a number of the packet that these bytes are. */
export function writeSmcField(packet: Buffer, field: SmcField, value: number): void {
  const [, offset, type] = SMC_PACKET.fields[field];
  if (type === 'u8') packet.writeUInt8(value, offset);
  else packet.writeUInt32LE(value >>> 0, offset);
}

/** A question or an answer. It lies where native calls may read and write it, and is used again and again. */
export interface SmcPacket {
  readonly memory: Buffer;
  clear(): void;
  get(field: SmcField): number;
  set(field: SmcField, value: number): void;
  /** The first bytes of the value, as many as it has. */
  value(size: number): Buffer;
  setValue(bytes: Buffer): void;
}

/** Makes a packet whose bytes are 0. */
export function createSmcPacket(): SmcPacket {
  const memory = nativeBuffer(SMC_PACKET.size);
  const [, start, room] = SMC_PACKET.bytes;
  return {
    memory,
    clear: () => void memory.fill(0),
    get: (field) => readSmcField(memory, field),
    set: (field, value) => writeSmcField(memory, field, value),
    value: (size) => Buffer.from(memory.subarray(start, start + Math.min(size, room))),
    setValue: (bytes) => void bytes.copy(memory, start, 0, room),
  };
}
