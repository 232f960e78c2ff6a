/** `struct statfs` of sys/mount.h, with 64-bit inodes: one mounted volume. */
export const MOUNT = {
  struct: 'statfs',
  size: 2168,
  fields: {
    blockSize: ['f_bsize', 0, 'u32'],
    blocks: ['f_blocks', 8, 'u64'],
    free: ['f_bfree', 16, 'u64'],
    available: ['f_bavail', 24, 'u64'],
    files: ['f_files', 32, 'u64'],
    filesFree: ['f_ffree', 40, 'u64'],
    device: ['f_fsid.val[0]', 48, 'i32'],
    flags: ['f_flags', 64, 'u32'],
  },
  texts: { type: ['f_fstypename', 72, 16], mountpoint: ['f_mntonname', 88, 1024], source: ['f_mntfromname', 1112, 1024] },
} as const;
