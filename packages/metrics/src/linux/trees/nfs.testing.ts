import type { Tree } from '../rooted-tree.testing.ts';

const count = (from: number, much: number): string => Array.from({ length: much }, (_, index) => from + index).join(' ');

/** A client and a server; the kernel of the client knows fewer operations of version 4 than there are. */
export const tree: Tree = {
  'proc/net/rpc/nfs': `net 5 6 7 8\nrpc 1000 20 3\nproc3 22 ${count(100, 22)}\nproc4 4 ${count(200, 4)}\n`,
  'proc/net/rpc/nfsd': `rc 1 2 3\nfh 4 0 0 0 0\nio 5000 6000\nth 8 0 0.000 0.000\nra 0 0 0 0 0 0 0 0 0 0 0 0\nnet 9 10 11 12\nrpc 13 14 15 16 17\nproc3 22 ${count(300, 22)}\nproc4 2 18 19\nproc4ops 40 ${count(400, 40)}\nwdeleg_getattr 20\n`,
};
