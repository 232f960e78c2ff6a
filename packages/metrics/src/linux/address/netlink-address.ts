import type { InterfaceAddress } from '../../domain/interface.ts';
import type { NetlinkAddress } from '../netlink/route.ts';

/** RT_SCOPE_* of linux/rtnetlink.h. */
const SCOPES: Readonly<Record<number, string>> = { 0: 'global', 200: 'site', 253: 'link', 254: 'host', 255: 'nowhere' };

/** IFA_F_* of linux/if_addr.h from bit 1 on; bit 0 has another meaning in each family. */
const FLAGS = [
  'nodad',
  'optimistic',
  'dadfailed',
  'home',
  'deprecated',
  'tentative',
  'permanent',
  'mngtmpaddr',
  'noprefixroute',
  'autojoin',
  'stable-privacy',
] as const;

/** Names of the flags of an address. */
export function nameFlags(flags: number, family: InterfaceAddress['family']): string[] {
  const names: string[] = FLAGS.filter((_, bit) => (flags & (2 << bit)) !== 0);
  return (flags & 1) === 0 ? names : [family === 'ipv4' ? 'secondary' : 'temporary', ...names];
}

/** An address in our words. */
export function describeAddress({ family, address, prefixLength, scope, flags, broadcast, peer }: NetlinkAddress): InterfaceAddress {
  return { family, address, prefixLength, scope: SCOPES[scope] ?? String(scope), flags: nameFlags(flags, family), broadcast, peer };
}
