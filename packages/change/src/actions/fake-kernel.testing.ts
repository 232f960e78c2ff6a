import type { WritableHost } from '@hecate/host';
import { parseChoice } from './value-file.ts';

/** What a file holds after `written` was written to it; throws what the kernel would refuse with. */
export type Driver = (written: string, before: string) => string;

/** An error of the operating system. */
export const osError = (code: string): Error => Object.assign(new Error(`${code}: refused by the fake kernel`), { code });

/** Each pair of sysctls of which the kernel keeps one: writing the first sets the second to 0. */
const COUNTERPARTS: Readonly<Record<string, string>> = {
  '/proc/sys/vm/dirty_ratio': '/proc/sys/vm/dirty_bytes',
  '/proc/sys/vm/dirty_bytes': '/proc/sys/vm/dirty_ratio',
  '/proc/sys/vm/dirty_background_ratio': '/proc/sys/vm/dirty_background_bytes',
  '/proc/sys/vm/dirty_background_bytes': '/proc/sys/vm/dirty_background_ratio',
  '/proc/sys/vm/overcommit_ratio': '/proc/sys/vm/overcommit_kbytes',
  '/proc/sys/vm/overcommit_kbytes': '/proc/sys/vm/overcommit_ratio',
};

/**
 * A machine of files that answers writes as the kernel does: marks move in lists, tabs stay between numbers, switches read Y and N,
 * of a pair one is 0. `drivers` stand behind single files. Only for what this machine lacks: the kernel itself is tested where it can be.
 */
export function fakeKernel(host: WritableHost, drivers: Readonly<Record<string, Driver>> = {}): WritableHost {
  const setValue = (path: string, text: string): void => {
    const before = host.readText(path);
    const written = text.trim();
    if (((host.status(path)?.mode ?? 0) & 0o222) === 0) throw osError('EACCES');
    host.setValue(path, `${(drivers[path] ?? printed)(written, before.replace(/\n$/, ''))}\n`);
    const counterpart = COUNTERPARTS[path];
    // A share that stays as it is leaves the other one alone: dirty_ratio_handler of mm/page-writeback.c.
    if (counterpart !== undefined && written !== before.trim()) host.setValue(counterpart, '0\n');
  };
  return { ...host, setValue };
}

function printed(written: string, before: string): string {
  const choice = parseChoice(before);
  if (choice) {
    if (!choice.offered.includes(written)) throw osError('EINVAL');
    return choice.offered.map((word) => (word === written ? `[${word}]` : word)).join(' ');
  }
  if (before === 'Y' || before === 'N') return /^[1yY]/.test(written) ? 'Y' : 'N';
  return before.includes('\t') ? written.replace(/\s+/g, '\t') : written;
}
