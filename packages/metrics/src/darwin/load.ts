import { HecateError, nativeBuffer } from '@hecate/host';
import { loadGroups } from '../domain/load.ts';
import type { LoadReading } from '../domain/load.ts';
import type { Collector } from '../model/collector.ts';
import type { GapSink } from '../model/gap.ts';
import type { Darwin } from './binding/darwin.ts';
import { withPrograms } from './fallback.ts';
import { lacks, openReader } from './reader.ts';
import { loadTier } from './text/tiers.ts';

function openLoad({ libsystem }: Darwin): (gaps: GapSink) => LoadReading {
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
}

/** Load averages. */
export const load: Collector<'load', LoadReading> = {
  name: 'load',
  lane: 'fast',
  sources: ['getloadavg(3)', 'else sysctl(8)'],
  remedy: 'Nothing is known to help; tell us with the output of hecate doctor.',
  groups: loadGroups,
  open: (machine) => withPrograms(machine, openReader(machine, openLoad), loadTier),
};
