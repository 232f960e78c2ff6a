import type { Tree } from '../rooted-tree.testing.ts';

const MDSTAT = `Personalities : [raid1] [raid6] [raid5] [raid4] [raid0] [linear]
md0 : active raid1 vdc1[1] vdb1[0]
      1046528 blocks super 1.2 [2/2] [UU]
      bitmap: 0/1 pages [0KB], 65536KB chunk

md1 : active raid5 vdf1[4](F) vde1[2] vdd1[1] vdg1[5](S) vdb2[0]
      20953088 blocks super 1.2 level 5, 512k chunk, algorithm 2 [4/3] [UUU_]
      [==>..................]  recovery = 12.5% (873216/6984362) finish=2.5min speed=40000K/sec
      bitmap: 2/2 pages [8KB], 65536KB chunk

md2 : active (auto-read-only) raid1 vdh[0] vdi[1](W)
      524288 blocks [2/2] [UU]
\tresync=PENDING

md3 : active (read-only) raid0 vdj[0] vdk[1]
      2093056 blocks super 1.2 512k chunks

md127 : inactive vdm[1](S) vdl[0](S)
      5288 blocks super external:imsm

unused devices: <none>
`;

const disk = (array: string, name: string, state: string, slot: string, errors = '0'): Tree => ({
  [`sys/block/${array}/md/dev-${name}/state`]: `${state}\n`,
  [`sys/block/${array}/md/dev-${name}/slot`]: `${slot}\n`,
  [`sys/block/${array}/md/dev-${name}/errors`]: `${errors}\n`,
});

/** Five arrays: one whole, one that recovers, one that waits, one without redundancy, one container. */
export const tree: Tree = {
  'proc/mdstat': MDSTAT,
  'sys/block/md0/md/level': 'raid1\n',
  'sys/block/md0/md/array_state': 'clean\n',
  'sys/block/md0/md/metadata_version': '1.2\n',
  'sys/block/md0/md/uuid': '11111111-2222-3333-4444-555555555555\n',
  'sys/block/md0/md/raid_disks': '2\n',
  'sys/block/md0/md/chunk_size': '0\n',
  'sys/block/md0/md/degraded': '0\n',
  'sys/block/md0/md/mismatch_cnt': '128\n',
  'sys/block/md0/md/sync_action': 'idle\n',
  ...disk('md0', 'vdb1', 'in_sync', '0'),
  ...disk('md0', 'vdc1', 'in_sync,write_error', '1', '7'),
  'sys/block/md1/md/level': 'raid5\n',
  'sys/block/md1/md/array_state': 'active\n',
  'sys/block/md1/md/metadata_version': '1.2\n',
  'sys/block/md1/md/raid_disks': '4 (3)\n',
  'sys/block/md1/md/chunk_size': '524288\n',
  'sys/block/md1/md/degraded': '1\n',
  'sys/block/md1/md/mismatch_cnt': '0\n',
  'sys/block/md1/md/sync_action': 'recover\n',
  ...disk('md1', 'vdf1', 'faulty', 'none'),
  'sys/block/md127/md/level': 'container\n',
  'sys/block/md127/md/array_state': 'inactive\n',
  'sys/block/md127/md/metadata_version': 'external:imsm\n',
  'sys/block/md127/md/raid_disks': '0\n',
};
