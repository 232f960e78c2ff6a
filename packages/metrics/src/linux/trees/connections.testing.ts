import type { Tree } from '../rooted-tree.testing.ts';

const HEAD = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
const line = (local: string, remote: string, state: string, queues: string, uid: number, inode: number): string =>
  `   0: ${local} ${remote} ${state} ${queues} 00:00000000 00000000 ${String(uid).padStart(5)}        0 ${inode} 1 0000000000000000 100 0 0 10 0\n`;

const ANY_SIX = `${'0'.repeat(32)}:0000`;
const EMPTY = '00000000:00000000';

/** Sockets of two processes, one of which hides its name; addresses are words of a little-endian machine. */
export const tree: Tree = {
  'proc/net/tcp':
    HEAD +
    line('0100007F:1F90', '00000000:0000', '0A', EMPTY, 1000, 5001) +
    line('020200C0:A1B2', '070200C0:01BB', '01', '00000010:00000020', 0, 5002),
  'proc/net/tcp6': HEAD + line('B80D0120000000000000000001000000:0050', '0000000000000000FFFF0000070200C0:C001', '06', EMPTY, 0, 0),
  'proc/net/udp6': HEAD + line(ANY_SIX, ANY_SIX, '07', EMPTY, 0, 5004),
  'proc/net/protocols':
    'protocol  size sockets  memory press maxhdr  slab module     cl co di ac io in de sh ss gs se re bi br ha uh gp em\n' +
    'UNIX-STREAM 1024     40      -1   NI       0   yes  kernel      y  n  n  n  n  n  n  n  n  n  n  n  n  n  n  y  n  n\n' +
    'UNIX      1024      5      -1   NI       0   yes  kernel      n  n  n  n  n  n  n  n  n  n  n  n  n  n  n  n  n  n\n' +
    'TCP       2304      2       1   no     320   yes  kernel      y  y  y  y  y  y  y  y  y  y  y  y  y  y  y  y  y  y\n',
  'proc/4242/comm': 'web server (1)\n',
  'proc/4242/fd/3': { link: 'socket:[5001]' },
  'proc/4242/fd/4': { link: 'pipe:[5002]' },
  'proc/4242/fd/5': { link: '/var/log/socket:[5002]' },
  'proc/4243/fd/9': { link: 'socket:[5001]' },
};
