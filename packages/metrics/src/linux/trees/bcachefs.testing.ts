import type { Tree } from '../rooted-tree.testing.ts';

const folder = 'sys/fs/bcachefs/12345678-9abc-def0-1234-56789abcdef0';

/** A file system on one device. */
export const tree: Tree = {
  [`${folder}/btree_cache_size`]: '1.50M\n',
  [`${folder}/counters/data_read`]: 'since mount:                   2.00k\nsince filesystem creation:     1.00G\n',
  [`${folder}/counters/fsync`]: 'since mount:                   5\nsince filesystem creation:     50\n',
  [`${folder}/counters/odd`]: 'nothing of the kind\n',
  [`${folder}/compression_stats`]:
    'type              compressed    uncompressed     average extent size\nlz4                    1.00M           2.00M                   62.5k\nshort\n',
  [`${folder}/errors`]: 'bset_bad_csum                                   2       1767112063\n\n',
  [`${folder}/btree_write_stats`]: '                   nr        size\ninitial:           300       100k\n',
  [`${folder}/dev-0/label`]: 'ssd.one\n',
  [`${folder}/dev-0/state`]: '[rw] ro evacuating spare \n',
  [`${folder}/dev-0/bucket_size`]: '512k\n',
  [`${folder}/dev-0/nbuckets`]: '1000\n',
  [`${folder}/dev-0/durability`]: '1\n',
  [`${folder}/dev-0/io_done`]: 'read:\nsb          :       4096\nuser        :       8192\nwrite:\nsb          :       1024\n',
  [`${folder}/dev-0/io_errors`]:
    'IO errors since filesystem creation\n  read:    1\n  write:   2\n  checksum:3\nIO errors since 8 y ago\n  read:    9\n  write:   9\n  checksum:9\n',
};
