import type { Tree } from '../rooted-tree.testing.ts';

/** One file system; the sum over all and a line of a kernel to come are beside it. */
export const tree: Tree = {
  'sys/fs/xfs/stats/stats': 'rw 900 900\n',
  'sys/fs/xfs/vdr1/stats/stats': [
    'extent_alloc 1 2 3 4',
    'blk_map 5 6 7 8 9 10 11',
    'dir 12 13 14 15',
    'ig 16 17 18 19 20 21 22',
    'rw 23 24',
    'vnodes 25 26 27 28 29 30 31 32',
    'xpc 4096 8192 16384',
    'zoned 1 2 3',
    'abt x 2',
    '',
  ].join('\n'),
};
