import { gpuProcessGroups } from '../domain/gpu-processes.ts';
import type { GpuProcess } from '../domain/gpu-processes.ts';
import type { Collector } from '../model/collector.ts';
import { processesOf } from './gpu/client.ts';
import { mapGpus } from './gpu/list.ts';
import { countRefusals } from './io-registry/refusals.ts';
import { lacks, openReader } from './reader.ts';

/**
 * What each process uses of each GPU, of all users. A busy Mac has a hundred and fifty clients, each of which is a question:
 * it is asked beside the ticks.
 */
export const gpuProcesses: Collector<'gpuprocesses', readonly GpuProcess[]> = {
  name: 'gpuprocesses',
  lane: 'slow',
  sources: ['user clients below IOAccelerator in the I/O registry'],
  remedy: 'Nothing is known to help; tell us with the output of hecate doctor.',
  groups: gpuProcessGroups,
  open: (machine) =>
    openReader(machine, (darwin) => (gaps) => {
      lacks(gaps, ['gpuprocesses.memory'], 'macOS does not tell the memory of each process apart.');
      const refusals = countRefusals();
      const processes = mapGpus(darwin, (entry, id) => {
        const clients = entry.mapChildren((child) => refusals.ask(() => child.properties()));
        return processesOf(
          id,
          clients.filter((client) => client !== null),
        );
      }).flat();
      refusals.settle(gaps, 'gpuprocesses');
      return processes;
    }),
};
