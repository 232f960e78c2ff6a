import { SIZE } from '../rule.ts';
import { parseSize } from '../value.ts';
import { boundedValue } from './bounded.ts';
import { DISKS, disksOf, kindsText, noDisks, queueFile } from './disks.ts';
import { setFile, skips } from './knob.ts';
import type { Knob } from './knob.ts';

const KIB = 1024;

/** How much is read ahead of a program that reads in order: Documentation/ABI/stable/sysfs-block, `read_ahead_kb`. */
export const diskReadAhead: Knob = {
  name: 'disk-read-ahead',
  help: 'How much is read ahead from disks of some kinds.',
  options: { disks: DISKS },
  value: { rule: SIZE, preferences: false, share: false, bounds: true },
  subject: kindsText,
  plan({ entry, facts, look }) {
    const disks = disksOf(entry, facts);
    if (disks.length === 0) return skips(noDisks(entry));
    // The kernel counts in pages, and would answer with another number than was asked for.
    const page = Math.max(1, facts.memory.pageSize / KIB);
    const wanted = String(Math.floor(parseSize(entry.value as string)! / KIB / page) * page);
    const outcomes = disks.map((disk) => {
      const path = queueFile(disk, 'read_ahead_kb');
      if (disk.readAhead === null) return { skipped: `${disk.name} reads nothing ahead.` };
      const bounded = boundedValue(wanted, entry.bound, path, look);
      return 'skipped' in bounded ? { skipped: `${disk.name}: ${bounded.skipped}` } : { action: setFile(path, bounded.value) };
    });
    return {
      actions: outcomes.flatMap((outcome) => ('action' in outcome ? [outcome.action] : [])),
      skipped: outcomes.flatMap((outcome) => ('skipped' in outcome ? [outcome.skipped] : [])),
    };
  },
};
