import { errnoOf } from '@hecate/host';
import type { KeptFile } from '@hecate/host';
import { socketsGroups } from '../domain/sockets.ts';
import type { SocketCount, SocketsReading, UdpQueues } from '../domain/sockets.ts';
import type { Collector } from '../model/collector.ts';
import { ByteCursor } from '../model/cursor.ts';
import type { GapSink } from '../model/gap.ts';
import { readKernelSizes } from './auxv.ts';
import { readHexadecimal } from './hexadecimal.ts';
import { keepNetFile } from './net-directory.ts';

/** More UDP sockets than this are not looked through: the file has a line for each. */
const MOST_UDP_SOCKETS = 1000;

const COLON = 58;

/**
 * /proc/net/sockstat and sockstat6: `TCP: inuse 4 orphan 0 tw 4 alloc 17 mem 1`. What `mem` says in pages is added as `mem_bytes`.
 * `known` are the figures of last time, whose names are used again.
 */
export function parseSockstat(cursor: ByteCursor, pageSize: number, known: readonly SocketCount[] = []): SocketCount[] {
  const counts: SocketCount[] = [];
  for (; !cursor.done; cursor.nextLine()) {
    const start = cursor.at;
    const colon = cursor.find(COLON);
    if (colon < 0) break;
    const before = known[counts.length]?.protocol;
    const protocol = before !== undefined && cursor.match(before) && cursor.at === colon ? before : cursor.text(start, colon);
    cursor.at = colon + 1;
    while (!cursor.lineDone) {
      const name = cursor.wordAs(known[counts.length]?.name);
      const value = cursor.integer();
      counts.push({ protocol, name, value });
      if (name === 'mem') counts.push({ protocol, name: 'mem_bytes', value: value * pageSize });
    }
  }
  return counts;
}

/**
 * /proc/net/udp and udp6: a heading, then a line a socket, whose fifth column is `transmit:receive`, bytes in hexadecimal
 * (kernel: net/ipv4/udp.c, udp4_format_sock).
 */
export function parseUdpQueues(cursor: ByteCursor, version: 'v4' | 'v6'): UdpQueues {
  let receive = 0;
  let transmit = 0;
  for (cursor.nextLine(); !cursor.done; cursor.nextLine()) {
    if (cursor.lineDone) continue;
    cursor.skipWords(4);
    transmit += readHexadecimal(cursor);
    if (cursor.peek() === COLON) cursor.at++;
    receive += readHexadecimal(cursor);
  }
  return { version, receive, transmit };
}

const valueOf = (counts: readonly SocketCount[], protocol: string, name: string): number | null =>
  counts.find((count) => count.protocol === protocol && count.name === name)?.value ?? null;

/** How many sockets there are, by protocol, and what waits in the queues of UDP. */
export const sockets: Collector<'sockets', SocketsReading> = {
  name: 'sockets',
  lane: 'slow',
  sources: ['/proc/net/sockstat', '/proc/net/sockstat6', '/proc/net/udp', '/proc/net/udp6'],
  remedy: 'Mount /proc.',
  groups: socketsGroups,
  open(host) {
    const files = { v4: keepNetFile(host, 'sockstat'), v6: keepNetFile(host, 'sockstat6') };
    const queues = { v4: keepNetFile(host, 'udp'), v6: keepNetFile(host, 'udp6') };
    const cursor = new ByteCursor();
    let pageSize: number | undefined;
    const last: Record<'v4' | 'v6', SocketCount[]> = { v4: [], v6: [] };
    /** Without IPv6 its files are missing, which is no fault. */
    const unlessAbsent = <Value>(file: KeptFile, parse: () => Value): Value | null => {
      try {
        cursor.reset(file.read());
        return parse();
      } catch (error) {
        if (errnoOf(error) === 'ENOENT') return null;
        throw error;
      }
    };
    const readCounts = (gaps: GapSink): SocketCount[] => {
      pageSize ??= readKernelSizes(host).pageSize;
      for (const version of ['v4', 'v6'] as const) {
        try {
          const { [version]: file } = files;
          last[version] = unlessAbsent(file, () => parseSockstat(cursor, pageSize!, last[version])) ?? [];
        } catch (error) {
          last[version] = [];
          gaps.addError(version === 'v4' ? 'sockets.used' : 'sockets.tcp6', error);
        }
      }
      return [...last.v4, ...last.v6];
    };
    const readQueues = (counts: readonly SocketCount[], gaps: GapSink): UdpQueues[] => {
      const many = (valueOf(counts, 'UDP', 'inuse') ?? 0) + (valueOf(counts, 'UDP6', 'inuse') ?? 0);
      if (many > MOST_UDP_SOCKETS) {
        gaps.add('sockets.udpQueues', 'timeout', `There are ${many} UDP sockets; more than ${MOST_UDP_SOCKETS} are not looked through.`);
        return [];
      }
      const found: UdpQueues[] = [];
      for (const version of ['v4', 'v6'] as const) {
        try {
          const row = unlessAbsent(queues[version], () => parseUdpQueues(cursor, version));
          if (row) found.push(row);
        } catch (error) {
          gaps.addError('sockets.udpQueues', error);
        }
      }
      return found;
    };
    return {
      *read(gaps) {
        const counts = readCounts(gaps);
        if (counts.length === 0) gaps.add('sockets.counts', 'absent', 'There is no /proc/net/sockstat.');
        yield;
        return {
          used: valueOf(counts, 'sockets', 'used'),
          tcp: valueOf(counts, 'TCP', 'inuse'),
          tcp6: valueOf(counts, 'TCP6', 'inuse'),
          tcpOrphans: valueOf(counts, 'TCP', 'orphan'),
          tcpTimeWait: valueOf(counts, 'TCP', 'tw'),
          tcpAllocated: valueOf(counts, 'TCP', 'alloc'),
          tcpMemory: valueOf(counts, 'TCP', 'mem_bytes'),
          udp: valueOf(counts, 'UDP', 'inuse'),
          udp6: valueOf(counts, 'UDP6', 'inuse'),
          udpMemory: valueOf(counts, 'UDP', 'mem_bytes'),
          counts,
          udpQueues: readQueues(counts, gaps),
        };
      },
      close: () => [...Object.values(files), ...Object.values(queues)].forEach((file) => file.close()),
    };
  },
};
