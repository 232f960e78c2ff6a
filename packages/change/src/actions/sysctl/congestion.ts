import type { WritableHost } from '@hecate/host';
import { readKeys, writeKey } from './key-file.ts';
import { keyPath } from './key.ts';
import type { Knot, Values } from './knot.ts';

const CHOSEN = 'net.ipv4.tcp_congestion_control';
const ALLOWED = 'net.ipv4.tcp_allowed_congestion_control';

/** Names in one order: the kernel prints them in that in which their modules came. */
const sorted = (names: string): string => [...new Set(names.split(' ').filter(Boolean))].sort().join(' ');

function read(host: WritableHost): Values {
  const isWritable = ((host.status(keyPath(ALLOWED))?.mode ?? 0) & 0o222) !== 0;
  const values = readKeys(host, isWritable ? [CHOSEN, ALLOWED] : [CHOSEN]);
  return isWritable ? { ...values, [ALLOWED]: sorted(values[ALLOWED]!) } : values;
}

/**
 * The congestion control of TCP. What was chosen once may be chosen by every user from then on (tcp_set_default_congestion_control of
 * net/ipv4/tcp_cong.c sets TCP_CONG_NON_RESTRICTED), so the list of those goes back with it. In network namespaces but the first the list cannot be written, and stays.
 */
export const CONGESTION: Knot = {
  keys: [CHOSEN, ALLOWED],
  read,
  after(key, value, was) {
    if (key === ALLOWED) return { ...was, [ALLOWED]: sorted(value) };
    return ALLOWED in was ? { ...was, [CHOSEN]: value, [ALLOWED]: sorted(`${was[ALLOWED]} ${value}`) } : { ...was, [CHOSEN]: value };
  },
  write(host, state) {
    for (const [key, value] of Object.entries(state)) if (read(host)[key] !== value) writeKey(host, key, value);
  },
};
