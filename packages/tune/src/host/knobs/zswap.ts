import { FLAG } from '../rule.ts';
import { does, plain, setFile, skips } from './knob.ts';
import type { Knob } from './knob.ts';

/** A compressed cache before swap on a disk: Documentation/admin-guide/mm/zswap.rst. */
export const zswap: Knob = {
  name: 'zswap',
  help: 'Whether pages are compressed in memory before they go to swap on a disk.',
  options: {},
  value: plain(FLAG),
  subject: () => '',
  plan({ entry, facts }) {
    const { memory } = facts;
    if (!memory.zswap) return skips('This kernel has no zswap.');
    if (entry.value === true && memory.zram.length > 0) return skips('Swap is in zram: compressing twice wins nothing.');
    if (entry.value === true && memory.swap === 0) return skips('There is no swap that it could stand before.');
    return does(setFile('/sys/module/zswap/parameters/enabled', entry.value === true ? 'Y' : 'N'));
  },
};
