import type { NativeLibraries, WritableHost } from '@hecate/host';
import type { Entry, Kernel } from '../../crash/machine.testing.ts';

/** The fan of the tests. */
export const SMC_OUTPUT = 'AppleSMC/F0';

/** Keys of a controller as files: `TYPE HEX`. So a write of one is an effect of a machine that may die at it, and is in its picture. */
const FOLDER = '/smc';
const fileOf = (key: string): string => `${FOLDER}/${Buffer.from(key).toString('hex')}`;
const float = (value: number): string => {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return bytes.toString('hex');
};
const numberOf = (text: string): number => Buffer.from(text.slice(5).trim(), 'hex').readFloatLE(0);

/** Who decides, by what kind of Mac: its mode, the mode's name on M5, or the mask of Intel. */
export type SmcKind = 'M1' | 'M4' | 'M5' | 'Intel';

const TESTED: ReadonlySet<SmcKind> = new Set(['M4']);
const modeKey = (kind: SmcKind, fan: number): string => `F${fan}${kind === 'M5' ? 'md' : 'Md'}`;

/** A controller with two fans of 1200 to 5800 turns; the firmware gives them 1500. Fan 0 is set by somebody to `manual`, if that is given. */
export function smcFiles(kind: SmcKind, manual?: number): Readonly<Record<string, Entry>> {
  const keys: Record<string, string> = { FNum: 'ui8  02' };
  const set = (key: string, value: number): void => {
    if (kind !== 'Intel') keys[key] = `flt  ${float(value)}`;
    else keys[key] = `fpe2 ${(value * 4).toString(16).padStart(4, '0')}`;
  };
  for (const fan of [0, 1]) {
    const isManual = fan === 0 && manual !== undefined;
    set(`F${fan}Mn`, 1200);
    set(`F${fan}Mx`, 5800);
    set(`F${fan}Tg`, isManual ? manual : 1500);
    if (kind !== 'Intel') keys[modeKey(kind, fan)] = `ui8  ${isManual ? '01' : kind === 'M4' ? '03' : '00'}`;
  }
  if (kind === 'Intel') keys['FS! '] = `ui16 ${manual === undefined ? '0000' : '0001'}`;
  if (TESTED.has(kind)) keys['Ftst'] = 'ui8  00';
  return {
    [FOLDER]: { directory: 0o755 },
    ...Object.fromEntries(Object.entries(keys).map(([key, text]) => [fileOf(key), { text: `${text}\n`, mode: 0o644 }])),
  };
}

/**
 * What the firmware does: a target while it decides is gone at once, a fan that is given back turns as it likes, and on M4 a mode is taken
 * only after `Ftst`, whose end gives all fans back.
 */
export const firmware =
  (kind: SmcKind): Kernel =>
  (file, text, read) => {
    const others = ['FNum', 'F0Mn'].map((key) => [fileOf(key), read(fileOf(key))]);
    // A packet is taken whole or not at all: what changes several files is never cut in the middle.
    return { ...(Object.fromEntries(others) as Record<string, string>), ...answerOf(kind)(file, text, read) };
  };

const answerOf =
  (kind: SmcKind): Kernel =>
  (file, text, read) => {
    const key = Buffer.from(file.slice(FOLDER.length + 1), 'hex').toString('latin1');
    const value = text.slice(5).trim();
    const isManual = (fan: number): boolean =>
      kind === 'Intel'
        ? (parseInt(read(fileOf('FS! ')).slice(5), 16) & (1 << fan)) !== 0
        : read(fileOf(modeKey(kind, fan)))
            .slice(5)
            .trim() === '01';
    const automatic = kind === 'Intel' ? `fpe2 ${(1500 * 4).toString(16).padStart(4, '0')}\n` : `flt  ${float(1500)}\n`;
    const fan = Number(key[1]);
    if (key.endsWith('Tg')) return isManual(fan) ? { [file]: text } : {};
    if (/^F\d[Mm]d$/.test(key)) {
      if (value !== '01') return { [file]: text, [fileOf(`F${fan}Tg`)]: automatic };
      return TESTED.has(kind) && read(fileOf('Ftst')).slice(5).trim() !== '01' ? {} : { [file]: text };
    }
    if (key === 'Ftst' && value === '00') {
      const all = [0, 1].flatMap((one) => [
        [fileOf(modeKey(kind, one)), 'ui8  03\n'],
        [fileOf(`F${one}Tg`), automatic],
      ]);
      return { [file]: text, ...(Object.fromEntries(all) as Record<string, string>) };
    }
    if (key === 'FS! ') {
      const released = [0, 1].filter((one) => (parseInt(value, 16) & (1 << one)) === 0).map((one) => [fileOf(`F${one}Tg`), automatic]);
      return { [file]: text, ...(Object.fromEntries(released) as Record<string, string>) };
    }
    return { [file]: text };
  };

/** Turns that a fan is set to. */
export const targetOf = (host: WritableHost, fan = 0): number => numberOf(host.readText(fileOf(`F${fan}Tg`)));
/** A key's bytes, in hexadecimal. */
export const bytesOf = (host: WritableHost, key: string): string => host.readText(fileOf(key)).slice(5).trim();
/** Writes a key past the connection: what somebody else, or a sleep of the machine, does. */
export const setKey = (host: WritableHost, key: string, text: string): void => host.setValue(fileOf(key), `${text}\n`);

const NOT_PRIVILEGED = 0xe000_02c1 | 0;
const NO_KEY = 0x84;

/** A machine whose controller is those files. `isRoot` is asked at each write. Connections that are open are counted. */
export function withController(
  host: WritableHost,
  isRoot: () => boolean = () => true,
): { readonly host: WritableHost; readonly open: () => number } {
  let open = 0;
  const call = (asked: Buffer, given: Buffer): number => {
    const key = Buffer.from(asked.subarray(0, 4)).reverse().toString('latin1');
    const command = asked[42];
    given.fill(0);
    if (host.status(fileOf(key)) === null) {
      given[40] = NO_KEY;
      return 0;
    }
    const text = host.readText(fileOf(key));
    const bytes = Buffer.from(text.slice(5).trim(), 'hex');
    if (command === 9) {
      given.writeUInt32LE(bytes.length, 28);
      given.writeUInt32LE(Buffer.from(text.slice(0, 4), 'latin1').readUInt32BE(0), 32);
    } else if (command === 5) bytes.copy(given, 48);
    else if (command === 6) {
      if (!isRoot()) return NOT_PRIVILEGED;
      const size = asked.readUInt32LE(28);
      if (size !== bytes.length) given[40] = 0x87;
      else host.setValue(fileOf(key), `${text.slice(0, 5)}${asked.subarray(48, 48 + size).toString('hex')}\n`);
    }
    return 0;
  };
  let given = 0;
  const functions: Readonly<Record<string, (...taken: never[]) => unknown>> = {
    IOServiceMatching: () => 0x1000n,
    IOServiceGetMatchingServices: (_port: number, _matching: bigint, into: Buffer) => (into.writeUInt32LE(7), (given = 0)),
    IOIteratorNext: () => (given++ === 0 ? 8 : 0),
    IORegistryEntryGetName: (_entry: number, into: Buffer) => (into.write('AppleSMC\0'), 0),
    IOObjectRelease: () => 0,
    IOServiceOpen: (_service: number, _task: number, _type: number, into: Buffer) => (into.writeUInt32LE(9), open++, 0),
    IOServiceClose: () => (open--, 0),
    IOConnectCallStructMethod: (_connection: number, _method: number, asked: Buffer, _length: number, answer: Buffer) =>
      call(asked, answer),
  };
  const libraries: NativeLibraries = {
    load: () => ({
      function: (symbol) => (functions[symbol] as ((...taken: readonly unknown[]) => unknown) | undefined) ?? null,
      address: () => 0x2000n,
    }),
    copy: (_address, length) => Buffer.alloc(length),
    errno: () => 0,
    watch: () => () => undefined,
  };
  return { host: { ...host, libraries: () => libraries }, open: () => open };
}
