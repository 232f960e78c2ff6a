import { nfsGroups } from '../domain/nfs.ts';
import type { NfsReading } from '../domain/nfs.ts';
import { CLIENT_LINES } from '../domain/nfs-procedures.ts';
import type { Collector } from '../model/collector.ts';
import { readRpcLines, rpcNumber, rpcProcedures } from './storage/rpc-file.ts';
import type { RpcLines } from './storage/rpc-file.ts';

/** What the lines of /proc/net/rpc/nfs say (kernel: net/sunrpc/stats.c, rpc_proc_show). */
export function toNfs(lines: RpcLines): NfsReading {
  const say = (word: string, index: number): number | null => rpcNumber(lines, word, index);
  return {
    udpPackets: say('net', 1),
    tcpPackets: say('net', 2),
    tcpConnections: say('net', 3),
    calls: say('rpc', 0),
    retransmissions: say('rpc', 1),
    authenticationRefreshes: say('rpc', 2),
    procedures: rpcProcedures(lines, CLIENT_LINES),
  };
}

/** What this machine did as a client of NFS. */
export const nfs: Collector<'nfs', NfsReading> = {
  name: 'nfs',
  lane: 'slow',
  sources: ['/proc/net/rpc/nfs'],
  remedy: 'Mount /proc.',
  groups: nfsGroups,
  open(host) {
    const file = host.keep('/proc/net/rpc/nfs');
    return { read: () => toNfs(readRpcLines(file)), close: file.close };
  },
};
