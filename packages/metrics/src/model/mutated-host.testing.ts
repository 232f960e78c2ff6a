import type { Bytes, Host, KeptFile } from '@hecate/host';

/** Decides what happens to the next file: 0 to 1, as from a random generator. */
export type Chance = () => number;

/** What text files of a kernel are made of, and what they should never hold. */
const TOKENS = [
  '',
  '0',
  '-1',
  '9'.repeat(30),
  'NaN',
  ' ',
  '\t',
  '\n',
  ':',
  '=',
  '(',
  ')',
  '\0',
  '\u00ff\u00fe',
  '18446744073709551615',
  '0x',
  '..',
  '/',
];

/** Those that can be the name of a file. */
const NAMES = TOKENS.filter((token) => token !== '' && !/[\0/]/.test(token));

const whole = (chance: Chance, below: number): number => Math.min(below - 1, Math.floor(chance() * below));

/** The bytes with one fault: cut short, a piece left out, a piece put in, a byte changed, or something else altogether. */
function spoil(bytes: Buffer, chance: Chance): Buffer {
  const at = whole(chance, bytes.length + 1);
  const token = Buffer.from(TOKENS[whole(chance, TOKENS.length)]!, 'latin1');
  switch (whole(chance, 6)) {
    case 0:
      return bytes.subarray(0, at);
    case 1:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(Math.min(bytes.length, at + 1 + whole(chance, 12)))]);
    case 2:
      return Buffer.concat([bytes.subarray(0, at), token, bytes.subarray(at)]);
    case 3:
      return Buffer.concat([bytes.subarray(0, at), Buffer.from([whole(chance, 256)]), bytes.subarray(at + 1)]);
    case 4:
      return token;
    default:
      return Buffer.from(Array.from({ length: whole(chance, 200) }, () => whole(chance, 256)));
  }
}

const fault = (code: string): Error => Object.assign(new Error(`${code}: made for a test`), { code });
const ERRNOS = ['ENOENT', 'EACCES', 'EIO', 'ENODEV', 'EINVAL', 'ESRCH', 'EOPNOTSUPP', 'ENODATA', 'EBUSY'];

/**
 * A machine whose files have faults: about one read in `rarity` gives spoilt bytes or an error of the operating system,
 * and lists of names lose or gain one.
 */
export function openMutatedHost(host: Host, chance: Chance, rarity: number = 4): Host {
  const strikes = (): boolean => whole(chance, rarity) === 0;
  const through = (read: () => Bytes): Bytes => {
    if (!strikes()) return read();
    if (whole(chance, 5) === 0) throw fault(ERRNOS[whole(chance, ERRNOS.length)]!);
    const { buffer, length } = read();
    const spoilt = spoil(buffer.subarray(0, length), chance);
    // As the real thing: a larger buffer, of which only the beginning is this file.
    return { buffer: Buffer.concat([spoilt, Buffer.from(' 77 stale bytes of the file before\n')]), length: spoilt.length };
  };
  return {
    ...host,
    read: (path) => through(() => host.read(path)),
    readText(path) {
      const { buffer, length } = through(() => host.read(path));
      return buffer.toString('utf8', 0, length);
    },
    keep(path): KeptFile {
      const file = host.keep(path);
      return { path, read: () => through(() => file.read()), readOnce: () => through(() => file.readOnce()), close: () => file.close() };
    },
    list(path) {
      const names = host.list(path);
      if (!strikes()) return names;
      if (whole(chance, 4) === 0) throw fault(ERRNOS[whole(chance, ERRNOS.length)]!);
      return whole(chance, 2) === 0 ? names.filter(() => chance() < 0.7) : [...names, NAMES[whole(chance, NAMES.length)]!];
    },
    readLink(path) {
      if (strikes()) throw fault(ERRNOS[whole(chance, ERRNOS.length)]!);
      return host.readLink(path);
    },
  };
}
