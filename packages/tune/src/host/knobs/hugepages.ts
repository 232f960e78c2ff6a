import { whole } from '../rule.ts';
import { isShare, shareBytes } from '../value.ts';
import { does, setSysctl, skips } from './knob.ts';
import type { Knob } from './knob.ts';

/** More than this of the memory is never reserved: the rest of the machine needs some too. */
const MOST_OF_MEMORY = 0.8;

/** Huge pages that are kept for programs that ask for them: Documentation/admin-guide/mm/hugetlbpage.rst. */
export const hugepages: Knob = {
  name: 'hugepages',
  help: 'How many huge pages are reserved; nothing else can use that memory.',
  options: {},
  value: { rule: whole(0, 2 ** 31 - 1), preferences: false, share: true, bounds: false },
  subject: () => '',
  plan({ entry, facts }) {
    const { hugepageSize, total } = facts.memory;
    if (hugepageSize === null || hugepageSize <= 0) return skips('This machine has no huge pages.');
    const count = isShare(entry.value) ? Math.floor(shareBytes(entry.value, facts) / hugepageSize) : Number(entry.value);
    if (count * hugepageSize > total * MOST_OF_MEMORY) {
      return skips(`${count} huge pages are more than ${MOST_OF_MEMORY * 100} % of the memory.`);
    }
    return does(setSysctl('vm.nr_hugepages', String(count)));
  },
};
