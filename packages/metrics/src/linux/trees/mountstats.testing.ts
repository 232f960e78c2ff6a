import type { Tree } from '../rooted-tree.testing.ts';

const MOUNTSTATS = `device sysfs mounted on /sys with fstype sysfs
device server:/home\\040of\\040all mounted on /mnt/my\\040home with fstype nfs4 statvers=1.1
\topts:\trw,vers=4.2
\tage:\t100
\tcaps:\tcaps=0xfff7
\tevents:\t${Array.from({ length: 27 }, (_, index) => index + 1).join(' ')}
\tbytes:\t11 12 13 14 15 16 17 18
\tRPC iostats version: 1.1  p/v: 100003/4 (nfs)
\txprt:\ttcp 832 1 2 3 4 5 6 7 8 9 10 11 12
\txprt:\ttcp 833 21 22 23 24 25 26 27 28 29 30 31 32
\tper-op statistics
\t        NULL: 1 1 0 44 24 5 1000 2000 0
\t        READ: 10 12 1 1000 900000 18446744073709551000 300 400 2

device server:/home\\040of\\040all mounted on /mnt/again with fstype nfs4 statvers=1.1
\tage:\t50
\txprt:\ttcp 832 1 2 3 4 5 6 7 8 9 10 11 12
device old:/data mounted on /mnt/old with fstype nfs statvers=1.1
\tage:\t7
\txprt:\tudp 700 1 5 6 7 8 9 10 11 12
\tper-op statistics
\t        NULL: broken
device tmpfs mounted on /tmp with fstype tmpfs
`;

/** Two mounts of one export over two connections, and an old one over UDP. */
export const tree: Tree = {
  'proc/self/mountstats': MOUNTSTATS,
  'proc/self/mountinfo': [
    '20 1 0:20 / /sys rw - sysfs sysfs rw',
    '30 1 0:30 / /mnt/my\\040home rw - nfs4 server:/home\\040of\\040all rw,vers=4.2,clientaddr=10.0.0.9,addr=10.0.0.1',
    '31 1 0:30 / /mnt/again rw shared:5 - nfs4 server:/home\\040of\\040all rw,vers=4.2,addr=10.0.0.1',
    '32 1 0:32 / /mnt/old rw - nfs old:/data rw,vers=3,mountaddr=10.0.0.3',
    '',
  ].join('\n'),
};
