import { openHost } from '@hecate/host';
import { expect, test } from 'vitest';
import { infinibandGroups } from '../domain/infiniband.ts';
import { infiniband } from './infiniband.ts';
import { readOnce, readTree, samplesOf } from './storage/reading.testing.ts';
import { tree } from './trees/infiniband.testing.ts';

test('adapters and their ports; data in bytes; what is not counted is not there', async () => {
  expect(await readTree(infiniband, tree)).toEqual({
    reading: [
      {
        device: 'mlx9_0',
        board: 'EX_0000000001',
        firmware: '20.31.1014',
        adapterType: null,
        ports: [
          {
            port: '1',
            state: 'ACTIVE',
            stateId: 4,
            physicalState: 'LinkUp',
            physicalStateId: 5,
            linkLayer: 'InfiniBand',
            rate: 312_500_000,
            counters: { port_data_received_bytes: 4000, link_downed: 3, legacy_data_received_bytes: 4004 },
          },
          { port: '2', state: null, stateId: null, physicalState: null, physicalStateId: null, linkLayer: null, rate: null, counters: {} },
        ],
      },
    ],
    gaps: [],
  });
});

test("node_exporter's names", async () => {
  const { reading } = await readTree(infiniband, tree);
  expect(samplesOf(infinibandGroups(), reading, 'node_infiniband_port_data_received_bytes_total')).toEqual(['device=mlx9_0 port=1 4000']);
  expect(samplesOf(infinibandGroups(), reading, 'node_infiniband_state_id')).toEqual(['device=mlx9_0 port=1 4']);
});

test('this machine: every adapter of /sys/class/infiniband', async () => {
  const host = openHost();
  let adapters: string[] = [];
  try {
    adapters = host.list('/sys/class/infiniband');
  } catch (error) {
    expect((error as NodeJS.ErrnoException).code).toBe('ENOENT');
  }
  expect((await readOnce(infiniband, host)).reading.map(({ device }) => device).sort()).toEqual(adapters.sort());
});
