import { whole } from '../rule.ts';
import { DISKS, disksOf, kindsText, noDisks, queueFile } from './disks.ts';
import { plain, setFile, skips } from './knob.ts';
import type { Knob } from './knob.ts';

/** How many requests wait for a disk at most: Documentation/ABI/stable/sysfs-block, `nr_requests`. */
export const diskRequests: Knob = {
  name: 'disk-requests',
  help: 'How many requests wait for disks of some kinds at most.',
  options: { disks: DISKS },
  value: plain(whole(4, 65_536)),
  // A scheduler sets a number of its own when it is chosen.
  phase: 2,
  subject: kindsText,
  plan({ entry, facts }) {
    const disks = disksOf(entry, facts);
    if (disks.length === 0) return skips(noDisks(entry));
    return { actions: disks.map((disk) => setFile(queueFile(disk, 'nr_requests'), String(entry.value as number))), skipped: [] };
  },
};
