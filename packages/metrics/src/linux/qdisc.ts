import { HecateError } from '@hecate/host';
import { qdiscGroups } from '../domain/qdisc.ts';
import type { QdiscReading } from '../domain/qdisc.ts';
import type { Collector } from '../model/collector.ts';
import { attributeNumber, attributeText, parseAttributes } from './netlink/message.ts';
import type { Attributes, NetlinkMessage } from './netlink/message.ts';
import { readLinkNames } from './netlink/route.ts';
import { NETLINK_ROUTE, openNetlink } from './netlink/socket.ts';
import type { NetlinkSocket } from './netlink/socket.ts';

const RTM_GETQDISC = 38;
/** Bytes of `struct tcmsg` (linux/rtnetlink.h). */
const HEADER = 20;
const TCA_KIND = 1;
const TCA_STATS2 = 7;
/** In TCA_STATS2 (linux/gen_stats.h); the basic one counts packets in 32 bits, and the third is there when they are more. */
const TCA_STATS_BASIC = 1;
const TCA_STATS_QUEUE = 3;
const TCA_STATS_PKT64 = 8;

/** Parents that are no class (linux/pkt_sched.h). */
const PARENTS: Readonly<Record<number, string>> = { 0xffffffff: 'root', 0xfffffff1: 'ingress' };

/** `major:minor` in hexadecimal, as `tc` writes it. */
const formatHandle = (handle: number): string => `${(handle >>> 16).toString(16)}:${handle & 0xffff ? (handle & 0xffff).toString(16) : ''}`;

/** `struct gnet_stats_basic` and `struct gnet_stats_queue`; zero where the discipline counts nothing. */
function decodeStatistics(
  statistics: Attributes,
): Pick<QdiscReading, 'bytes' | 'packets' | 'drops' | 'requeues' | 'overlimits' | 'queueLength' | 'backlog'> {
  const basic = statistics.get(TCA_STATS_BASIC);
  const queue = statistics.get(TCA_STATS_QUEUE);
  const word = (from: Buffer | undefined, at: number): number => (from && from.length >= at + 4 ? from.readUInt32LE(at) : 0);
  return {
    bytes: word(basic, 0) + word(basic, 4) * 2 ** 32,
    packets: attributeNumber(statistics.get(TCA_STATS_PKT64)) ?? word(basic, 8),
    queueLength: word(queue, 0),
    backlog: word(queue, 4),
    drops: word(queue, 8),
    requeues: word(queue, 12),
    overlimits: word(queue, 16),
  };
}

/** A message about a queueing discipline; null when its interface has gone, or it is cut short. */
export function decodeQdisc({ payload }: NetlinkMessage, names: ReadonlyMap<number, string>): QdiscReading | null {
  if (payload.length < HEADER) return null;
  const device = names.get(payload.readInt32LE(4));
  const attributes = parseAttributes(payload, HEADER);
  const kind = attributeText(attributes.get(TCA_KIND));
  if (device === undefined || kind === null) return null;
  const parent = payload.readUInt32LE(12);
  return {
    device,
    kind,
    handle: formatHandle(payload.readUInt32LE(8)),
    parent: PARENTS[parent] ?? formatHandle(parent),
    ...decodeStatistics(parseAttributes(attributes.get(TCA_STATS2) ?? Buffer.alloc(0))),
  };
}

/** Queueing disciplines of all interfaces of our own network namespace. */
export const qdisc: Collector<'qdisc', readonly QdiscReading[]> = {
  name: 'qdisc',
  lane: 'slow',
  sources: ['rtnetlink RTM_GETQDISC'],
  remedy: 'Queueing disciplines are asked from the kernel that runs; they are in no file.',
  groups: qdiscGroups,
  open(host) {
    let socket: NetlinkSocket | undefined;
    return {
      read() {
        if (host.kind !== 'real')
          throw new HecateError('UNAVAILABLE', 'Queueing disciplines are in no file, so only the machine we run on has them.');
        socket ??= openNetlink(NETLINK_ROUTE);
        const names = readLinkNames(socket);
        return socket.rows(RTM_GETQDISC, Buffer.alloc(HEADER), (message) => decodeQdisc(message, names));
      },
      close() {
        socket?.close();
        socket = undefined;
      },
    };
  },
};
