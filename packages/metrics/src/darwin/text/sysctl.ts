import { HecateError } from '@hecate/host';
import type { Host } from '@hecate/host';
import type { MemoryPressureLevel } from '../../events/event.ts';
import { MEMORY_LEVELS } from '../memory-levels.ts';
import { bytesOf, countOf, decimalOf } from './decimal.ts';
import { askProgram } from './program.ts';

/** What the kernel says under its names: `hw.memsize` to `17179869184`. */
export type SysctlValues = ReadonlyMap<string, string>;

/** `hw.memsize: 17179869184`; some of `sysctl -a` have an equals sign. Names have points, so `Description: x` is none. */
const LINE = /^([A-Za-z_][\w-]*(?:\.[\w%-]+)+)(?::(?: |$)| = ?)(.*)$/;

/** Reads what `sysctl -a` or `sysctl NAME…` prints. Lines that begin with no name go on with the value before them. */
export function parseSysctl(text: string): SysctlValues {
  const values = new Map<string, string>();
  let last: string | null = null;
  for (const line of text.split('\n')) {
    const [, name, value] = LINE.exec(line) ?? [];
    if (name !== undefined) {
      last = name;
      values.set(name, value!);
    } else if (last !== null && line !== '') values.set(last, `${values.get(last)!}\n${line}`);
  }
  return values;
}

/** A whole number that the kernel says; null where it says none, or one beyond 2^53. */
export function numberOf(values: SysctlValues, name: string): number | null {
  const said = values.get(name)?.trim();
  const value = said !== undefined && /^-?\d{1,20}$/.test(said) ? Number(said) : null;
  return value !== null && Number.isSafeInteger(value) ? value : null;
}

/** A text that the kernel says; null where it says none. */
export function textOf(values: SysctlValues, name: string): string | null {
  return values.get(name)?.trim() || null;
}

/** Swap in bytes. */
export interface SwapUsage {
  readonly total: number;
  readonly used: number;
  readonly free: number;
}

/** `vm.swapusage`: `total = 2048.00M  used = 512.50M  free = 1535.50M  (encrypted)`, to 10 KiB. Null where it is not there, or another one. */
export function swapOf(values: SysctlValues): SwapUsage | null {
  const said = values.get('vm.swapusage') ?? '';
  const [total, used, free] = ['total', 'used', 'free'].map((part) => bytesOf(new RegExp(`\\b${part} = (\\S+)`).exec(said)?.[1]));
  return total == null || used == null || free == null ? null : { total, used, free };
}

/** `vm.loadavg`: `{ 1.23 1.50 1.70 }`; null where it is not there, or another one. */
export function loadOf(values: SysctlValues): readonly [number, number, number] | null {
  const [, inside] = /^\{ *([^{}]*?) *\}$/.exec(textOf(values, 'vm.loadavg') ?? '') ?? [];
  const [one, five, fifteen, ...rest] = (inside ?? '').split(/ +/).map(decimalOf);
  return one == null || five == null || fifteen == null || rest.length > 0 ? null : [one, five, fifteen];
}

/** `kern.boottime`: `{ sec = 1772088570, usec = 326253 } Thu Feb 26 …`, seconds since the epoch; null where it is not there. */
export function bootTimeOf(values: SysctlValues): number | null {
  const [, seconds, microseconds] = /^\{ *sec = (\d+), usec = (\d+) *\}/.exec(textOf(values, 'kern.boottime') ?? '') ?? [];
  const whole = countOf(seconds);
  return whole === null ? null : whole + countOf(microseconds)! / 1e6;
}

/** `kern.memorystatus_vm_pressure_level`: how short memory is; null where it is not there (`sysctl -a` leaves it out) or unknown. */
export function pressureOf(values: SysctlValues): MemoryPressureLevel | null {
  const level = numberOf(values, 'kern.memorystatus_vm_pressure_level');
  return (level === null ? undefined : MEMORY_LEVELS[level]) ?? null;
}

/**
 * What the kernel says under these names; those that it does not know, or hides from this user, are not in the answer.
 * Throws as {@link askProgram}, and INVALID for a name that is none.
 */
export async function readSysctl(host: Host, names: readonly string[]): Promise<SysctlValues> {
  const wrong = names.find((name) => !/^[A-Za-z_][\w.%-]*$/.test(name));
  if (wrong !== undefined) throw new HecateError('INVALID', `${wrong} is no name of a kernel setting.`);
  if (names.length === 0) return new Map();
  const accepts = (stdout: string, stderr: string): boolean => stdout !== '' || /unknown oid/.test(stderr);
  return parseSysctl(await askProgram(host, { argv: ['/usr/sbin/sysctl', ...names], accepts }));
}
