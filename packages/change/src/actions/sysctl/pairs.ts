import { readKeys, writeKey } from './key-file.ts';
import type { Knot } from './knot.ts';

/** The share on the way to 0. */
const PASSING = '1';

/**
 * Two sysctls that say one thing in two units. Writing one makes the kernel set the other to 0, and 0 cannot be written to the
 * absolute one (Documentation/admin-guide/sysctl/vm.rst): what is brought back is the one that was in force.
 * `relative` is a share of memory; it is in force when `absolute` is 0.
 */
function pair(relative: string, absolute: string): Knot {
  return {
    keys: [relative, absolute],
    read: (host) => readKeys(host, [relative, absolute]),
    after: (key, value, was) => Object.fromEntries(Object.keys(was).map((name) => [name, name === key ? value : '0'])),
    write(host, state) {
      const inForce = state[absolute] ?? '0';
      const share = state[relative]!;
      if (inForce !== '0') writeKey(host, absolute, inForce);
      else {
        // A share of 0 that is 0 already is no change to the kernel, and leaves the absolute one in force: it must pass another one.
        if (share === '0' && (readKeys(host, [absolute])[absolute] ?? '0') !== '0') writeKey(host, relative, PASSING);
        writeKey(host, relative, share);
      }
      // The kernel has set the other one by now. On a machine of files nobody has.
      for (const [key, value] of Object.entries(readKeys(host, [relative, absolute])))
        if (value !== state[key]) writeKey(host, key, state[key]!);
    },
    isPassing: (now, was) => was[relative] === '0' && now[relative] === PASSING && now[absolute] === '0',
  };
}

/** The pairs of the kernel. */
export const PAIRS: readonly Knot[] = [
  pair('vm.dirty_ratio', 'vm.dirty_bytes'),
  pair('vm.dirty_background_ratio', 'vm.dirty_background_bytes'),
  pair('vm.overcommit_ratio', 'vm.overcommit_kbytes'),
];
