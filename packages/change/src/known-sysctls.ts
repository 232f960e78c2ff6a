import { HecateError, nearestNames } from '@hecate/host';
import { quote } from './actions/raw-action.ts';
import { FS } from './known/fs.ts';
import { KERNEL } from './known/kernel.ts';
import { INTERFACES, IPV4, NET } from './known/net.ts';
import type { Setting, Settings } from './known/setting.ts';
import { TCP } from './known/tcp.ts';
import { VM } from './known/vm.ts';

/** A sysctl that we know. */
export interface KnownSysctl extends Setting {
  /** `*` stands for an interface, for `all` or `default`. */
  readonly key: string;
  /** The kernel's document, below Documentation. */
  readonly source: string;
}

const DOCUMENTS: readonly (readonly [Settings, source: string])[] = [
  [VM, 'admin-guide/sysctl/vm.rst'],
  [KERNEL, 'admin-guide/sysctl/kernel.rst'],
  [FS, 'admin-guide/sysctl/fs.rst'],
  [NET, 'admin-guide/sysctl/net.rst'],
  [IPV4, 'networking/ip-sysctl.rst'],
  [TCP, 'networking/ip-sysctl.rst'],
  [INTERFACES, 'networking/ip-sysctl.rst'],
];

/** The sysctls that tuning uses, by key. */
export const KNOWN_SYSCTLS: ReadonlyMap<string, KnownSysctl> = new Map(
  DOCUMENTS.flatMap(([settings, source]) => Object.entries(settings).map(([key, setting]) => [key, { key, source, ...setting }] as const)),
);

/** `net.ipv4.conf.eth0.rp_filter` is listed as `net.ipv4.conf.*.rp_filter`. */
const listedAs = (key: string): string => key.replace(/^(net\.ipv[46]\.(?:conf|neigh))\.[^.]+\./, '$1.*.');

/** What we know of a key with dots, or null. */
export const knownSysctl = (key: string): KnownSysctl | null => KNOWN_SYSCTLS.get(listedAs(key)) ?? null;

/** The known key that somebody who wrote `key` may have meant, or null. */
export function nearestSysctl(key: string): string | null {
  const interfaceOf = /^net\.ipv[46]\.(?:conf|neigh)\.([^.]+)\./.exec(key)?.[1];
  const [near] = nearestNames(listedAs(key), [...KNOWN_SYSCTLS.keys()]);
  return near?.replace('*', interfaceOf ?? 'default') ?? null;
}

/** Throws INVALID unless a value, in one form, is of the type and in the bounds of a known sysctl. */
export function expectValue(key: string, { type, least, most, count }: Setting, value: string): void {
  if (type === 'text') return;
  const words = value.split(' ');
  const refuse = (must: string): never => {
    throw new HecateError('INVALID', `${key} must be ${must}, and shall be ${quote(value)}.`);
  };
  if (type === 'boolean' && value !== '0' && value !== '1') refuse('0 or 1');
  // The kernel takes 010 for eight, and reads it back as 8.
  if (!words.every((word) => /^(?:0|-?[1-9]\d*)$/.test(word))) refuse(type === 'list' ? 'whole numbers' : 'a whole number');
  if (type === 'list' && count !== null && words.length !== count) refuse(`${count} numbers`);
  if (type !== 'list' && words.length > 1) refuse('one number');
  if (words.some((word) => (least !== null && BigInt(word) < least) || (most !== null && BigInt(word) > most)))
    refuse(boundsOf(least, most));
}

function boundsOf(least: number | null, most: number | null): string {
  if (least !== null && most !== null) return `from ${least} to ${most}`;
  return least !== null ? `at least ${least}` : `at most ${most}`;
}
