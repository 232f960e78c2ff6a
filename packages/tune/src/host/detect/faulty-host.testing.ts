import type { Bytes, Host } from '@hecate/host';

/** Decides what happens to the next file: 0 to 1, as from a random generator. */
export type Chance = () => number;

const ERRNOS = ['ENOENT', 'EACCES', 'EIO', 'ENODEV', 'EINVAL', 'ENOTDIR', 'ENODATA', 'EBUSY', 'EAGAIN'];
const PIECES = ['', '0', '-1', '9'.repeat(40), 'NaN', ' ', '\n', '[', ']', '[]', '\0', '..', '/', 'ÿ', '0x', 'state', 'policy', 'cpu'];

/** What a file system can have as a name. */
const isName = (name: string): boolean => !/^\.{0,2}$|[\0/]/.test(name);

/** A machine of which one access in four fails or says something else than it should. */
export function openFaultyHost(host: Host, chance: Chance): Host {
  const pick = <Value>(values: readonly Value[]): Value => values[Math.min(values.length - 1, Math.floor(chance() * values.length))]!;
  const strikes = (): boolean => chance() < 0.25;
  const fail = (): never => {
    const code = pick(ERRNOS);
    throw Object.assign(new Error(`${code}: made for a test`), { code });
  };
  const spoil = (text: string): string => {
    const at = Math.floor(chance() * (text.length + 1));
    return pick([
      text.slice(0, at),
      text.slice(0, at) + pick(PIECES) + text.slice(at),
      text.slice(0, at) + text.slice(at + 3),
      pick(PIECES),
    ]);
  };
  const read = (through: () => Bytes): Bytes => {
    if (!strikes()) return through();
    if (chance() < 0.3) fail();
    const { buffer, length } = through();
    const spoilt = Buffer.from(spoil(buffer.toString('utf8', 0, length)));
    return { buffer: spoilt, length: spoilt.length };
  };
  return {
    ...host,
    read: (path) => read(() => host.read(path)),
    readText(path) {
      const { buffer, length } = read(() => host.read(path));
      return buffer.toString('utf8', 0, length);
    },
    keep(path) {
      const file = host.keep(path);
      return { ...file, path, read: () => read(() => file.read()), readOnce: () => read(() => file.readOnce()), close: () => file.close() };
    },
    list(path) {
      if (!strikes()) return host.list(path);
      if (chance() < 0.3) return fail();
      return [...host.list(path).filter(() => chance() < 0.7), pick(PIECES), spoil('policy0')].filter(isName);
    },
    readLink: (path) => (strikes() ? fail() : host.readLink(path)),
  };
}
