import type { Tree } from '../rooted-tree.testing.ts';

const set = 'sys/fs/bcache/aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee';

/** One cache for one disk. */
export const tree: Tree = {
  'sys/fs/bcache/register': '',
  [`${set}/average_key_size`]: '12k\n',
  [`${set}/btree_cache_size`]: '1.5M\n',
  [`${set}/cache_available_percent`]: '75\n',
  [`${set}/congested`]: '0\n',
  [`${set}/root_usage_percent`]: '20\n',
  [`${set}/tree_depth`]: '1\n',
  [`${set}/internal/active_journal_entries`]: '3\n',
  [`${set}/internal/btree_nodes`]: '44\n',
  [`${set}/internal/btree_read_average_duration_us`]: '250\n',
  [`${set}/bdev0/dirty_data`]: '20.4G\n',
  [`${set}/bdev0/stats_total/cache_hits`]: '900\n',
  [`${set}/bdev0/stats_total/cache_misses`]: '100\n',
  [`${set}/bdev0/stats_total/bypassed`]: '5.0M\n',
  [`${set}/bdev0/writeback_rate_debug`]:
    'rate:\t\t1.1M/sec\ndirty:\t\t20.4G\ntarget:\t\t20.4G\nproportional:\t-427.5k\nintegral:\t790.0k\nchange:\t\t0/sec\nnext io:\t17ms\n',
  [`${set}/cache0/io_errors`]: '2\n',
  [`${set}/cache0/metadata_written`]: '4.0k\n',
  [`${set}/cache0/written`]: '1.0G\n',
};
