import type { Bytes } from '@hecate/host';
import { softirqsGroups, softirqsReading } from '../domain/softirqs.ts';
import type { SoftirqLine, SoftirqsReading, SoftirqVector } from '../domain/softirqs.ts';
import type { Collector } from '../model/collector.ts';
import { ByteCursor } from '../model/cursor.ts';
import { createTableParser } from './interrupt/cpu-table.ts';

/** The order of the numbers in /proc/stat: NR_SOFTIRQS of include/linux/interrupt.h, under node_exporter's names. */
const VECTORS = ['hi', 'timer', 'net_tx', 'net_rx', 'block', 'block_iopoll', 'tasklet', 'sched', 'hrtimer', 'rcu'] as const;

/**
 * The softirq line of /proc/stat (kernel: Documentation/filesystems/proc.rst, 1.7): the sum, then one number a kind.
 * Empty where there is no such line (before 2.6.31); numbers of kinds that we do not know are left out.
 */
export function parseSoftirqVectors({ buffer, length }: Bytes): SoftirqVector[] {
  const start = buffer.indexOf('\nsoftirq ');
  if (start < 0 || start >= length) return [];
  const cursor = new ByteCursor().reset({ buffer, length });
  cursor.at = start + 1;
  cursor.skipWords(2);
  const vectors: SoftirqVector[] = [];
  for (const vector of VECTORS) if (cursor.numberNext) vectors.push({ vector, count: cursor.integer() });
  return vectors;
}

/** What a line of /proc/softirqs is: its name, with nothing behind the counts. */
export function describeSoftirq(type: string, tail: string): SoftirqLine | undefined {
  return tail === '' ? { type } : undefined;
}

/** Soft interrupts by kind and CPU. */
export const softirqs: Collector<'softirqs', SoftirqsReading> = {
  name: 'softirqs',
  lane: 'slow',
  sources: ['/proc/softirqs', '/proc/stat'],
  remedy: 'Mount /proc; in a container, allow /proc/softirqs to be read.',
  groups: softirqsGroups,
  open(host) {
    const file = host.keep('/proc/softirqs');
    const stat = host.keep('/proc/stat');
    const parser = createTableParser(describeSoftirq);
    return {
      *read(gaps) {
        let vectors: SoftirqVector[] = [];
        try {
          vectors = parseSoftirqVectors(stat.read());
        } catch (error) {
          gaps.addError('softirqs.vectors', error);
        }
        return softirqsReading(yield* parser.parse(file.read()), vectors);
      },
      close() {
        file.close();
        stat.close();
      },
    };
  },
};
