import { interruptsGroups, interruptsReading } from '../domain/interrupts.ts';
import type { InterruptLine, InterruptsReading } from '../domain/interrupts.ts';
import type { Collector } from '../model/collector.ts';
import { createTableParser } from './interrupt/cpu-table.ts';

/**
 * What a line of /proc/interrupts is (kernel: Documentation/filesystems/proc.rst, 1.2). Behind the counts of a numbered interrupt are its
 * chip and then, by architecture, hardware number, kind and drivers (`IO-APIC 9-fasteoi acpi`, `GICv3 27 Level arch_timer`).
 * Others have a sentence there. Undefined for a line without any of this: `ERR: 0`.
 */
export function describeInterrupt(type: string, tail: string): InterruptLine | undefined {
  if (tail === '') return undefined;
  const words = tail.split(/\s+/);
  return /^\d+$/.test(type) ? { type, info: words[0]!, devices: words.slice(1).join(' ') } : { type, info: words.join(' '), devices: '' };
}

/** Interrupts by source and CPU. */
export const interrupts: Collector<'interrupts', InterruptsReading> = {
  name: 'interrupts',
  lane: 'slow',
  sources: ['/proc/interrupts'],
  remedy: 'Mount /proc; in a container, allow /proc/interrupts to be read.',
  groups: interruptsGroups,
  open(host) {
    const file = host.keep('/proc/interrupts');
    const parser = createTableParser(describeInterrupt);
    return {
      *read() {
        const table = yield* parser.parse(file.read());
        const single = (...names: readonly string[]): number | null =>
          names.map((name) => table.singles.get(name)).find((count) => count !== undefined) ?? null;
        return interruptsReading(table, single('ERR', 'Err'), single('MIS'));
      },
      close: file.close,
    };
  },
};
