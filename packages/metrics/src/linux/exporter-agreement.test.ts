import { openHost } from '@hecate/host';
import type { Host } from '@hecate/host';
import { expect, test } from 'vitest';
import type { Collector } from '../model/collector.ts';
import { buddyinfo } from './buddyinfo.ts';
import { askNodeExporter, differences, exporterMissing, seriesOf } from './device-files/node-exporter.testing.ts';
import type { SeriesValues } from './device-files/node-exporter.testing.ts';
import { edac } from './edac.ts';
import { frequency } from './frequency.ts';
import { interrupts } from './interrupts.ts';
import { kernel } from './kernel.ts';
import { ksm } from './ksm.ts';
import { numa } from './numa.ts';
import { paging } from './paging.ts';
import { processor } from './processor.ts';
import { openReading } from './reading.testing.ts';
import { createTree } from './rooted-tree.testing.ts';
import { scheduler } from './scheduler.ts';
import { slab } from './slab.ts';
import { tree as interruptFiles } from './trees/interrupts.testing.ts';
import { tree as memoryFiles } from './trees/memory.testing.ts';
import { tree as processorFiles } from './trees/processor.testing.ts';
import { zoneinfo } from './zoneinfo.ts';

const missing = exporterMissing();
if (missing) console.warn(`SKIPPED: CPU, kernel and memory against node_exporter: ${missing}`);

/** Series of collectors of ours, read once. */
function ourSeries(host: Host, collectors: readonly Collector<string, never>[]): SeriesValues {
  const all = new Map<string, number>();
  for (const collector of collectors) {
    const opened = openReading(collector, host);
    for (const [key, value] of seriesOf(collector, opened.read())) all.set(key, value);
    opened.close();
  }
  return all;
}

/** CPU times are another collector's. */
const isOurs = (key: string): boolean => !/^node_cpu_(?:guest_)?seconds_total/.test(key);
const only = (values: SeriesValues, wanted: (key: string) => boolean): SeriesValues => new Map([...values].filter(([key]) => wanted(key)));

const cpuInfo = ['cpu', 'cpu.info', 'cpu.info.flags-include=.*', 'cpu.info.bugs-include=.*'];

test.skipIf(missing)('on machines of files it has the same series, name by name', async () => {
  const tree = createTree({ ...processorFiles, ...memoryFiles, ...interruptFiles, 'proc/cpuinfo': processorFiles['proc/cpuinfo']! });
  try {
    const theirs = await askNodeExporter(tree.directory, [
      ...cpuInfo,
      ...['cpufreq', 'interrupts', 'vmstat', 'filefd', 'entropy', 'schedstat', 'edac', 'meminfo_numa', 'buddyinfo', 'slabinfo', 'zoneinfo'],
    ]);
    const ours = ourSeries(tree.host, [
      ...[processor, frequency, interrupts, paging, kernel, scheduler, edac, numa, buddyinfo, slab, zoneinfo],
    ] as unknown as readonly Collector<string, never>[]);
    // It numbers the columns of CPUs from 0, whoever they are; the second one of this machine is offline.
    const renumbered = new Map(
      [...theirs].map(([key, value]) => [key.startsWith('node_interrupts') ? key.replace('cpu="1"', 'cpu="2"') : key, value]),
    );
    expect(theirs.size).toBeGreaterThan(100);
    expect(differences(only(renumbered, isOurs), ours)).toEqual([]);
  } finally {
    tree.remove();
  }
});

test.skipIf(missing)('on this machine what stands still is the same, and what counts lies between two readings of ours', async () => {
  const host = openHost();
  const collectors = [processor, interrupts, paging, kernel, numa, buddyinfo, ksm] as unknown as readonly Collector<string, never>[];
  const before = ourSeries(host, collectors);
  const theirs = await askNodeExporter('', [...cpuInfo, 'interrupts', 'vmstat', 'filefd', 'entropy', 'meminfo_numa', 'buddyinfo', 'ksmd']);
  const after = ourSeries(host, collectors);
  const moves = /^node_(?:memory_numa_(?!.*_total)|buddyinfo|filefd_allocated)/;
  const wrong: string[] = [];
  let compared = 0;
  for (const [key, value] of only(theirs, isOurs)) {
    if (key.startsWith('node_cpu_frequency')) continue;
    const [low, high] = [before.get(key), after.get(key)];
    if (low === undefined || high === undefined) wrong.push(`${key}: missing`);
    else if (!moves.test(key) && (value < low || value > high)) wrong.push(`${key}: ${low} to ${high}, theirs ${value}`);
    compared++;
  }
  expect(wrong).toEqual([]);
  expect(compared).toBeGreaterThan(50);
});
