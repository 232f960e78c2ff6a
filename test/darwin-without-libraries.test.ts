import { expect, test } from 'vitest';
import { deriveRates } from '@hecate/metrics';
import { ENCODERS } from '@hecate/observe';
import { takeSnapshot } from '../packages/cli/src/commands/snapshot.ts';
import { snapshotTable } from '../packages/cli/src/terminal/snapshot-table.ts';
import { openProgramMac } from '../packages/metrics/src/darwin/text/programs.testing.ts';

/** What `hecate snapshot` shows of a Mac on which koffi cannot be loaded, from what its programs print. */
test('hecate snapshot of a Mac without the library for native calls', async () => {
  const mac = openProgramMac();
  // Time goes on between the two readings.
  const { now, monotonic } = mac.host.clock;
  const start = performance.now();
  const passed = (): number => (performance.now() - start) / 1000;
  const host = { ...mac.host, clock: { now: () => now() + passed(), monotonic: () => monotonic() + passed() } };
  const { snapshot, rates } = await takeSnapshot(host, undefined, 0.05);
  const plain = ['host', 'cpu', 'load', 'memory', 'disk', 'filesystem', 'network', 'power', 'processes'] as const;
  const hardware = ['processor', 'frequency', 'protocols', 'routes', 'thermal', 'energy', 'gpu', 'wifi'] as const;
  for (const name of [...plain, ...hardware]) expect(snapshot[name], name).not.toBeNull();
  // Read twice, so there are rates: the clock went on, the counters did not.
  expect(rates.disk).not.toBeNull();
  expect(rates.network!.devices.find(({ device }) => device === 'en0')).toMatchObject({ receiveBytesPerSecond: 0 });
  expect(rates.processes!(0)).toMatchObject({ cpu: 0 });
  expect(Math.max(...mac.atOnce.values())).toBe(1);

  const moment = { snapshot, rates, platform: host.platform };
  const read = JSON.parse(ENCODERS.json.encode(moment)) as Record<string, unknown>;
  expect(read['load']).toMatchObject({ load1: 2.31, threads: null });
  expect(ENCODERS.prometheus.encode({ ...moment, rates: deriveRates(null, snapshot) })).toMatch(/^node_load1 2\.31$/m);
  expect(ENCODERS.prometheus.encode(moment)).not.toMatch(/NaN|null|undefined/);
  const table = snapshotTable(snapshot, rates, { platform: host.platform, only: undefined }, { width: 120, colour: false, unicode: true });
  expect(table).toContain('2.31');
  expect(table).toContain('Apple M2 Pro');
  expect(table).not.toMatch(/NaN|undefined/);
});
