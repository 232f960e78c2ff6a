import { openHost } from '@hecate/host';
import { expect, test } from 'vitest';
import { fibrechannelGroups } from '../domain/fibrechannel.ts';
import { fibrechannel } from './fibrechannel.ts';
import { readOnce, readTree, samplesOf } from './storage/reading.testing.ts';
import { tree } from './trees/fibrechannel.testing.ts';

test('ports; a counter with all its bits set is one that the driver does not keep', async () => {
  const { reading, gaps } = await readTree(fibrechannel, tree);
  expect(gaps).toEqual([]);
  expect(reading).toMatchObject([
    {
      device: 'host20',
      portName: '2100001122334455',
      portId: '010203',
      portState: 'Online',
      speed: '32 Gbit',
      framesReceived: 16,
      linkFailures: 2,
      dumpedFrames: null,
      badWords: null,
      fabricName: null,
    },
    { device: 'host21', portState: 'Linkdown', framesReceived: null },
  ]);
  expect(samplesOf(fibrechannelGroups(), reading, 'node_fibrechannel_rx_frames_total')).toEqual(['fc_host=host20 16']);
  expect(samplesOf(fibrechannelGroups(), reading, 'node_fibrechannel_dumped_frames_total')).toEqual([]);
  expect(samplesOf(fibrechannelGroups(), reading, 'node_fibrechannel_info')[1]).toMatch(/^fc_host=host21 speed= port_state=Linkdown /);
});

test('this machine: every port of /sys/class/fc_host', async () => {
  const host = openHost();
  let ports: string[] = [];
  try {
    ports = host.list('/sys/class/fc_host');
  } catch (error) {
    expect((error as NodeJS.ErrnoException).code).toBe('ENOENT');
  }
  expect((await readOnce(fibrechannel, host)).reading.map(({ device }) => device).sort()).toEqual(ports.sort());
});
