import { createHash, randomBytes } from 'node:crypto';

/** What was replaced, in the words that a user is told. */
export type Hidden =
  | 'names of users'
  | 'names of the machine'
  | 'serial numbers and identifiers'
  | 'hardware addresses'
  | 'IP addresses'
  | 'names of networks'
  | 'names of volumes'
  | 'command lines'
  | 'directories of users';

/** Gives stand-ins of the same shape and length, the same for the same thing, and counts what was replaced. */
export interface StandIns {
  /** Letters for letters, digits for digits, everything else as it is; letters of more than one byte become as many plain ones. */
  word(kind: Hidden, text: string): string;
  /** The same for hexadecimal digits. */
  hex(kind: Hidden, text: string): string;
  /** Bytes that look like an address of hardware or of a network; `keep` of them stay at the front. */
  bytes(kind: Hidden, bytes: Buffer, keep?: number): Buffer;
  /** How many different things of each kind were replaced. */
  counts(): Partial<Record<Hidden, number>>;
}

const LETTERS = { lower: 'abcdefghijklmnopqrstuvwxyz', upper: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', digits: '0123456789', hex: '0123456789abcdef' };

/** Stand-ins of one recording. Nobody can tell the original from one: what they are made with is thrown away. */
export function createStandIns(salt: Buffer = randomBytes(32)): StandIns {
  const seen = new Map<Hidden, Set<string>>();
  const count = (kind: Hidden, text: string): void => {
    const of = seen.get(kind) ?? new Set();
    seen.set(kind, of.add(text));
  };
  const noise = (text: string, length: number): Buffer => {
    const parts: Buffer[] = [];
    for (let part = 0; parts.length * 32 < length; part++) parts.push(createHash('sha256').update(salt).update(`${part}:${text}`).digest());
    return Buffer.concat(parts);
  };
  const spell = (text: string, alphabetOf: (letter: string) => string | null): string => {
    const bytes = Buffer.from(text);
    const from = noise(text, bytes.length);
    return Array.from(bytes, (byte, index) => {
      const alphabet = byte < 0x80 ? alphabetOf(String.fromCharCode(byte)) : LETTERS.lower;
      return alphabet === null ? String.fromCharCode(byte) : alphabet[from[index]! % alphabet.length];
    }).join('');
  };
  return {
    word(kind, text) {
      count(kind, text);
      return spell(text, (letter) =>
        /[a-z]/.test(letter) ? LETTERS.lower : /[A-Z]/.test(letter) ? LETTERS.upper : /\d/.test(letter) ? LETTERS.digits : null,
      );
    },
    hex(kind, text) {
      // One thing, however it is written.
      const plain = text.toLowerCase();
      count(kind, plain);
      const said = spell(plain, (letter) => (/[\da-f]/.test(letter) ? LETTERS.hex : null));
      return /[A-F]/.test(text) ? said.toUpperCase() : said;
    },
    bytes(kind, bytes, keep = 0) {
      const text = bytes.toString('hex');
      count(kind, text);
      return Buffer.concat([bytes.subarray(0, keep), noise(text, bytes.length).subarray(keep, bytes.length)]);
    },
    counts: () => Object.fromEntries([...seen].map(([kind, things]) => [kind, things.size])),
  };
}
