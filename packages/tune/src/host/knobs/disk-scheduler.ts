import { text } from '../rule.ts';
import { preferencesOf } from '../value.ts';
import { DISKS, disksOf, kindsText, noDisks, queueFile } from './disks.ts';
import { firstOffered, preferred, setFile, skips } from './knob.ts';
import type { Knob } from './knob.ts';

/** Who decides the order of requests to a disk: Documentation/block/switching-sched.rst. */
export const diskScheduler: Knob = {
  name: 'disk-scheduler',
  help: 'Who decides the order of requests to disks of some kinds.',
  options: { disks: DISKS },
  value: preferred(text('the name of a scheduler such as "mq-deadline"', /^[a-z0-9-]{2,32}$/)),
  subject: kindsText,
  plan({ entry, facts }) {
    const disks = disksOf(entry, facts);
    if (disks.length === 0) return skips(noDisks(entry));
    const chosen = disks.map((disk) => ({ disk, scheduler: firstOffered(entry.value, disk.schedulers) }));
    return {
      actions: chosen.flatMap(({ disk, scheduler }) => (scheduler === null ? [] : [setFile(queueFile(disk, 'scheduler'), scheduler)])),
      skipped: chosen
        .filter(({ scheduler }) => scheduler === null)
        .map(({ disk: { name, schedulers } }) =>
          schedulers.length === 0
            ? `${name} has no scheduler of its own.`
            : `${name} offers ${schedulers.join(', ')}, and none of ${preferencesOf(entry.value).join(', ')}.`,
        ),
    };
  },
};
