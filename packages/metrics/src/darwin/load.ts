import { HecateError, nativeBuffer } from '@hecate/host';
import { loadGroups } from '../domain/load.ts';
import type { LoadReading } from '../domain/load.ts';
import type { Collector } from '../model/collector.ts';
import { lacks, openReader } from './reader.ts';

/** Load averages. */
export const load: Collector<'load', LoadReading> = {
  name: 'load',
  lane: 'fast',
  sources: ['getloadavg(3)'],
  remedy: 'Nothing is known to help; tell us with the output of hecate doctor.',
  groups: loadGroups,
  open: (machine) =>
    openReader(machine, ({ libsystem }) => {
      const averages = nativeBuffer(3 * 8);
      return (gaps) => {
        const count = libsystem.getloadavg(averages, 3);
        if (count !== 3) throw new HecateError('FAILED', `getloadavg answered ${count} averages instead of 3.`);
        lacks(gaps, ['load.runnable', 'load.threads'], 'macOS does not count them with the load.');
        return {
          load1: averages.readDoubleLE(0),
          load5: averages.readDoubleLE(8),
          load15: averages.readDoubleLE(16),
          runnable: null,
          threads: null,
        };
      };
    }),
};
