import { needed, oneOf } from '../rule.ts';
import { does, setFile, skips } from './knob.ts';
import type { Knob, KnobRequest } from './knob.ts';

const WORD_BITS = 32;

/** CPUs of a list as the kernel writes them: `0-3,8`. Null for anything else. */
export function parseCpuList(list: string): number[] | null {
  if (list.trim() === '') return [];
  const cpus: number[] = [];
  for (const part of list.trim().split(',')) {
    const [, first, last] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(part) ?? [];
    if (first === undefined) return null;
    for (let cpu = Number(first); cpu <= Number(last ?? first); cpu += 1) cpus.push(cpu);
  }
  return cpus;
}

/** A mask of CPUs as /proc/irq has it: hexadecimal words of 32 bits, the highest first, with commas between. */
export function encodeCpuMask(cpus: readonly number[]): string {
  const words = new Uint32Array(Math.floor(Math.max(0, ...cpus) / WORD_BITS) + 1);
  for (const cpu of cpus) words[Math.floor(cpu / WORD_BITS)]! |= 1 << (cpu % WORD_BITS);
  return [...words]
    .toReversed()
    .map((word, index) => word.toString(16).padStart(index === 0 ? 1 : 8, '0'))
    .join(',');
}

/** The CPUs that an entry means; a sentence when there are none. */
function chosenCpus({ entry, facts, look }: KnobRequest): readonly number[] | string {
  const online = parseCpuList(look?.text('/sys/devices/system/cpu/online') ?? '');
  const all = online === null || online.length === 0 ? Array.from({ length: facts.cpu.threads }, (_, cpu) => cpu) : online;
  if (entry.options['cpus'] === 'all') return all;
  if (entry.options['cpus'] === 'efficiency') return facts.cpu.hybrid?.efficiency ?? 'All cores of this processor are alike.';
  const isolated = parseCpuList(look?.text('/sys/devices/system/cpu/isolated') ?? '') ?? [];
  return isolated.length === 0 ? 'No CPU is set apart (isolcpus).' : all.filter((cpu) => !isolated.includes(cpu));
}

/**
 * CPUs that serve interrupts which are requested from now on: Documentation/core-api/irq/irq-affinity.rst, `default_smp_affinity`.
 * Those that are there are left to irqbalance and to the drivers, which know their queues.
 */
export const irqAffinity: Knob = {
  name: 'irq-affinity',
  help: 'CPUs that serve new interrupts: all, the efficient ones, or those that are not set apart.',
  options: { cpus: needed(oneOf(['all', 'efficiency', 'housekeeping'])) },
  value: null,
  subject: () => '',
  plan(request) {
    const cpus = chosenCpus(request);
    if (typeof cpus === 'string') return skips(cpus);
    return cpus.length === 0
      ? skips('No CPU would be left for interrupts.')
      : does(setFile('/proc/irq/default_smp_affinity', encodeCpuMask(cpus)));
  },
};
