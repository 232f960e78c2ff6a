import { openHost } from '@hecate/host';
import { expect, test } from 'vitest';
import { multipathGroups } from '../domain/multipath.ts';
import { multipath } from './multipath.ts';
import { readOnce, readTree, samplesOf } from './storage/reading.testing.ts';
import { tree } from './trees/multipath.testing.ts';
import { tree as others } from './trees/volumes.testing.ts';

test('a disk with several ways to it; partitions and volumes are none', async () => {
  const { reading, gaps } = await readTree(multipath, { ...others, ...tree });
  expect(gaps).toEqual([]);
  expect(reading).toEqual([
    {
      device: 'dm-30',
      name: 'mpatha',
      uuid: 'mpath-360000000000000001',
      size: 2_147_483_648,
      active: true,
      paths: [
        { path: 'sdba', state: 'running' },
        { path: 'sdbb', state: 'offline' },
        { path: 'sdbc', state: null },
      ],
      activePaths: 1,
      failedPaths: 2,
    },
  ]);
  expect(samplesOf(multipathGroups(), reading, 'node_dmmultipath_path_state')).toEqual([
    'device=mpatha path=sdba state=running 1',
    'device=mpatha path=sdbb state=offline 1',
  ]);
  expect(samplesOf(multipathGroups(), reading, 'node_dmmultipath_device_paths_failed')).toEqual(['device=mpatha sysfs_name=dm-30 2']);
});

test('this machine: every device whose UUID says multipath', async () => {
  const host = openHost();
  const { reading, gaps } = await readOnce(multipath, host);
  const expected = host
    .list('/sys/block')
    .filter((name) => name.startsWith('dm-') && host.readText(`/sys/block/${name}/dm/uuid`).startsWith('mpath-'));
  expect(reading.map(({ device }) => device).sort()).toEqual(expected.sort());
  expect(gaps).toEqual([]);
});
