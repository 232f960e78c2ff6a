import type { Tree } from '../rooted-tree.testing.ts';

/** A disk with three ways to it, of which one is offline and one has no state. */
export const tree: Tree = {
  'sys/block/dm-30/dm/name': 'mpatha\n',
  'sys/block/dm-30/dm/uuid': 'mpath-360000000000000001\n',
  'sys/block/dm-30/dm/suspended': '0\n',
  'sys/block/dm-30/size': '4194304\n',
  'sys/block/dm-30/slaves/sdba/dev': '67:64\n',
  'sys/block/dm-30/slaves/sdbb/dev': '67:80\n',
  'sys/block/dm-30/slaves/sdbc/dev': '67:96\n',
  'sys/block/sdba/device/state': 'running\n',
  'sys/block/sdbb/device/state': 'offline\n',
  'sys/block/dm-31/dm/name': 'mpatha-part1\n',
  'sys/block/dm-31/dm/uuid': 'part1-mpath-360000000000000001\n',
  'sys/block/dm-31/slaves/dm-30/dev': '253:30\n',
};
