import type { Tree } from '../rooted-tree.testing.ts';

/** Two logical volumes, an opened LUKS device on one of them, and a thin pool. */
export const tree: Tree = {
  'sys/block/dm-20/dm/name': 'data--group-home--of--all\n',
  'sys/block/dm-20/dm/uuid': 'LVM-abcdefghijklmnopqrstuvwxyz012345ABCDEFGHIJKLMNOPQRSTUVWXYZ012345\n',
  'sys/block/dm-20/dm/suspended': '0\n',
  'sys/block/dm-20/size': '2097152\n',
  'sys/block/dm-20/ro': '0\n',
  'sys/block/dm-20/slaves/vdq2/dev': '254:34\n',
  'sys/block/dm-20/slaves/vdq10/dev': '254:42\n',
  'sys/block/dm-20/holders/dm-21/dev': '253:21\n',
  'sys/block/dm-21/dm/name': 'secret-files\n',
  'sys/block/dm-21/dm/uuid': 'CRYPT-LUKS2-0123456789abcdef0123456789abcdef-secret-files\n',
  'sys/block/dm-21/dm/suspended': '1\n',
  'sys/block/dm-21/size': '2064384\n',
  'sys/block/dm-21/ro': '1\n',
  'sys/block/dm-21/slaves/dm-20/dev': '253:20\n',
  'sys/block/dm-22/dm/name': 'vg-pool-tpool\n',
  'sys/block/dm-22/dm/uuid': 'LVM-abcdefghijklmnopqrstuvwxyz012345ABCDEFGHIJKLMNOPQRSTUVWXYZ012345-tpool\n',
  'sys/block/dm-22/dm/suspended': '0\n',
  'sys/block/dm-22/size': '100\n',
};
