import { errnoOf, HecateError } from '@hecate/host';
import type { WritableHost } from '@hecate/host';
import { readKey, readKeys, writeKey } from './key-file.ts';
import type { Knot } from './knot.ts';

/**
 * Forwarding of a whole machine. Writing it sets the forwarding of every interface and of those to come, and for IPv4 makes
 * accept_redirects the opposite: inet_forward_change of net/ipv4/devinet.c, addrconf_fixup_forwarding of net/ipv6/addrconf.c.
 * The first of `names` is written, and comes first in the state; `opposite` is null where there is none.
 */
function forwarding(family: string, names: readonly string[], opposite: string | null): Knot {
  const main = names[0]!;
  const keys = [main, `net.${family}.conf.default.forwarding`, ...(opposite === null ? [] : [opposite])];
  const dragged = (key: string, value: string): string => (key !== opposite ? value : value === '0' ? '1' : '0');
  return {
    keys: names,
    read: (host) => readKeys(host, keys),
    after: (_, value, was) => (was[main] === value ? was : Object.fromEntries(Object.keys(was).map((key) => [key, dragged(key, value)]))),
    write(host, state) {
      for (const [key, value] of Object.entries(state)) writeKey(host, key, value);
    },
    check: (host) => expectAlike(host, family, readKey(host, main)),
  };
}

/** Interfaces that differ could not be brought back: which there are changes all the time, so no state holds them. */
function expectAlike(host: WritableHost, family: string, value: string): void {
  for (const name of interfacesOf(host, family)) {
    const key = `net.${family}.conf.${name.replaceAll('.', '/')}.forwarding`;
    if (readKey(host, key) === value) continue;
    throw new HecateError('UNSUPPORTED', `Forwarding of ${name} differs from that of the machine, and would be lost.`, {
      hint: `Set net.${family}.conf.INTERFACE.forwarding of single interfaces.`,
    });
  }
}

function interfacesOf(host: WritableHost, family: string): string[] {
  try {
    return host.list(`/proc/sys/net/${family}/conf`).filter((name) => name !== 'all' && name !== 'default');
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return [];
  }
}

/** Both families. IPv4 has two names for it. */
export const FORWARDING: readonly Knot[] = [
  forwarding('ipv4', ['net.ipv4.ip_forward', 'net.ipv4.conf.all.forwarding'], 'net.ipv4.conf.all.accept_redirects'),
  forwarding('ipv6', ['net.ipv6.conf.all.forwarding'], null),
];
