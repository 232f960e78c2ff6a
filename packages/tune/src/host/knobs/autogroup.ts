import { FLAG } from '../rule.ts';
import { does, plain, setSysctl } from './knob.ts';
import type { Knob } from './knob.ts';

/** Processor time shared between sessions instead of processes: sched(7), "The autogroup feature". */
export const autogroup: Knob = {
  name: 'autogroup',
  help: 'Whether sessions, and not single processes, share the processor fairly.',
  options: {},
  value: plain(FLAG),
  subject: () => '',
  plan: ({ entry }) => does(setSysctl('kernel.sched_autogroup_enabled', entry.value === true ? '1' : '0')),
};
