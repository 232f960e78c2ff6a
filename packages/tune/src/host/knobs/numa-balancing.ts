import { FLAG } from '../rule.ts';
import { does, plain, setSysctl, skips } from './knob.ts';
import type { Knob } from './knob.ts';

/** Pages that follow the threads that use them: Documentation/admin-guide/sysctl/kernel.rst, `numa_balancing`. */
export const numaBalancing: Knob = {
  name: 'numa-balancing',
  help: 'Whether the kernel moves memory to the node whose processors use it.',
  options: {},
  value: plain(FLAG),
  subject: () => '',
  plan({ entry, facts }) {
    if (facts.memory.nodes < 2) return skips('All memory of this machine is equally near.');
    return does(setSysctl('kernel.numa_balancing', entry.value === true ? '1' : '0'));
  },
};
