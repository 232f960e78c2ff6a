import type { Tree } from '../rooted-tree.testing.ts';

const folder = 'sys/fs/btrfs/01234567-89ab-cdef-0123-456789abcdef';

const allocation = (type: string, mode: string, size: number, used: number, copies: number): Tree => ({
  [`${folder}/allocation/${type}/total_bytes`]: `${size}\n`,
  [`${folder}/allocation/${type}/bytes_used`]: `${used}\n`,
  [`${folder}/allocation/${type}/disk_total`]: `${size * copies}\n`,
  [`${folder}/allocation/${type}/disk_used`]: `${used * copies}\n`,
  [`${folder}/allocation/${type}/bytes_reserved`]: '0\n',
  [`${folder}/allocation/${type}/${mode}/total_bytes`]: `${size}\n`,
  [`${folder}/allocation/${type}/${mode}/used_bytes`]: `${used}\n`,
});

/** A file system on three devices, one of them missing. */
export const tree: Tree = {
  'sys/fs/btrfs/features/raid1c34': '0\n',
  [`${folder}/label`]: 'store\n',
  [`${folder}/commit_stats`]: 'commits 12\ncur_commit_ms 0\nlast_commit_ms 20\nmax_commit_ms 1500\ntotal_commit_ms 3000\n',
  [`${folder}/exclusive_operation`]: 'balance\n',
  [`${folder}/allocation/global_rsv_size`]: '16777216\n',
  [`${folder}/allocation/global_rsv_reserved`]: '16760832\n',
  ...allocation('data', 'raid5', 2147483648, 1073741824, 1.5),
  ...allocation('metadata', 'raid1c3', 268435456, 1048576, 3),
  [`${folder}/devices/vdn/size`]: '8388608\n',
  [`${folder}/devices/vdo/size`]: '8388608\n',
  [`${folder}/devices/vdp/size`]: '8388608\n',
  [`${folder}/devinfo/1/missing`]: '0\n',
  [`${folder}/devinfo/1/writeable`]: '1\n',
  [`${folder}/devinfo/1/error_stats`]: 'write_errs 1\nread_errs 2\nflush_errs 3\ncorruption_errs 4\ngeneration_errs 5\n',
  [`${folder}/devinfo/2/missing`]: '1\n',
  [`${folder}/devinfo/2/writeable`]: '0\n',
  [`${folder}/devinfo/2/error_stats`]: 'invalid\n',
};
