import { nfsdGroups } from '../domain/nfsd.ts';
import type { NfsdReading } from '../domain/nfsd.ts';
import type { NfsProcedure } from '../domain/nfs-procedures.ts';
import { SERVER_LINES } from '../domain/nfs-procedures.ts';
import type { Collector } from '../model/collector.ts';
import { readRpcLines, rpcNumber, rpcProcedures } from './storage/rpc-file.ts';
import type { RpcLines } from './storage/rpc-file.ts';

/** What the lines of /proc/net/rpc/nfsd say (kernel: fs/nfsd/stats.c, nfsd_show; net/sunrpc/stats.c, svc_seq_show). */
export function toNfsd(lines: RpcLines): NfsdReading {
  const say = (word: string, index: number): number | null => rpcNumber(lines, word, index);
  // Asking for attributes of files that were delegated for writing has a line of its own.
  const delegated: NfsProcedure[] = lines.has('wdeleg_getattr')
    ? [{ version: '4', method: 'WdelegGetattr', count: say('wdeleg_getattr', 0) }]
    : [];
  return {
    replyCacheHits: say('rc', 0),
    replyCacheMisses: say('rc', 1),
    replyCacheUncached: say('rc', 2),
    staleHandles: say('fh', 0),
    readBytes: say('io', 0),
    writtenBytes: say('io', 1),
    threads: say('th', 0),
    readAheadSize: say('ra', 0),
    readAheadMisses: say('ra', 11),
    udpPackets: say('net', 1),
    tcpPackets: say('net', 2),
    tcpConnections: say('net', 3),
    calls: say('rpc', 0),
    badFormat: say('rpc', 2),
    badAuthentication: say('rpc', 3),
    badClient: say('rpc', 4),
    procedures: [...rpcProcedures(lines, SERVER_LINES), ...delegated],
  };
}

/** What this machine did as a server of NFS. */
export const nfsd: Collector<'nfsd', NfsdReading> = {
  name: 'nfsd',
  lane: 'slow',
  sources: ['/proc/net/rpc/nfsd'],
  remedy: 'Mount /proc.',
  groups: nfsdGroups,
  open(host) {
    const file = host.keep('/proc/net/rpc/nfsd');
    return { read: () => toNfsd(readRpcLines(file)), close: file.close };
  },
};
