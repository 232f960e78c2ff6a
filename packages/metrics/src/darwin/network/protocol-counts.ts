import type { CountsByPart, IcmpCounts, IpCounts, TcpCounts, UdpCounts } from '../../domain/protocol-counters.ts';
import type { Layout } from '../layout/layout.ts';
import { readField } from '../layout/layout.ts';
import { ICMP_COUNTERS, ICMP_TYPES, IP_COUNTERS, TCP_COUNTERS, UDP_COUNTERS } from '../layout/protocol.ts';
import { aroundOf } from './long-counter.ts';

/** Counters of 32 bits of one part, and what macOS does not count of it. */
type Parse<Part extends keyof CountsByPart> = (bytes: Buffer) => CountsByPart[Part];

const sum = (...counts: readonly number[]): number => aroundOf(counts.reduce((whole, count) => whole + count, 0));
const readerOf =
  <Of extends Layout>(layout: Of, bytes: Buffer) =>
  (name: keyof Of['fields'] & string): number =>
    readField(bytes, layout.fields[name]!);

const TCP_UNCOUNTED = {
  ...{ established: null, resetsOut: null, synRetransmits: null, lostRetransmits: null, fastRetransmits: null },
  ...{ receiveQueueDrops: null, synCookiesSent: null, abortsOnMemory: null, memoryPressures: null },
} as const;
const UDP_UNCOUNTED = { sendBufferErrors: null, memoryErrors: null } as const;
const IP_UNCOUNTED = { bytesIn: null, bytesOut: null, discardsIn: null } as const;

/** Names of what macOS does not count of each part. */
export const UNCOUNTED: Readonly<Record<'tcp' | 'udp' | 'ip' | 'icmp', readonly string[]>> = {
  tcp: Object.keys(TCP_UNCOUNTED),
  udp: Object.keys(UDP_UNCOUNTED),
  ip: Object.keys(IP_UNCOUNTED),
  icmp: [],
};

/** `net.inet.tcp.stats`. */
export const parseTcp: Parse<'tcp'> = (bytes): TcpCounts => {
  const count = readerOf(TCP_COUNTERS, bytes);
  const listenDrops = count('listenDrops');
  return {
    ...TCP_UNCOUNTED,
    activeOpens: count('activeOpens'),
    passiveOpens: count('passiveOpens'),
    failedOpens: count('failedOpens'),
    establishedResets: count('drops'),
    segmentsIn: count('received'),
    // macOS counts those that are sent again in all that are sent; RFC 4022 does not.
    segmentsOut: aroundOf(count('sent') - count('retransmitted')),
    segmentsRetransmitted: count('retransmitted'),
    errorsIn: sum(count('badChecksums'), count('badOffsets'), count('cut')),
    checksumErrorsIn: count('badChecksums'),
    // The one reason that is counted is a queue that is full.
    listenDrops,
    listenOverflows: listenDrops,
    timeouts: count('timeouts'),
    outOfOrder: count('outOfOrder'),
  };
};

/** `net.inet.udp.stats`. */
export const parseUdp: Parse<'udp'> = (bytes): UdpCounts => {
  const count = readerOf(UDP_COUNTERS, bytes);
  const errors = sum(count('cut'), count('badChecksums'), count('badLengths'), count('fullBuffers'));
  return {
    ...UDP_UNCOUNTED,
    // macOS counts all that came.
    datagramsIn: aroundOf(count('received') - errors - count('noPorts') - count('noPortsOfBroadcasts')),
    datagramsOut: count('sent'),
    noPorts: count('noPorts'),
    errorsIn: errors,
    receiveBufferErrors: count('fullBuffers'),
    checksumErrorsIn: count('badChecksums'),
  };
};

/** `net.inet.ip.stats`. */
export const parseIp: Parse<'ip'> = (bytes): IpCounts => {
  const count = readerOf(IP_COUNTERS, bytes);
  return {
    ...IP_UNCOUNTED,
    received: count('received'),
    delivered: count('delivered'),
    forwarded: count('forwarded'),
    sent: count('sent'),
    headerErrors: sum(
      ...[count('badChecksums'), count('tooShort'), count('tooSmall'), count('badHeaderLengths'), count('badLengths')],
      ...[count('badOptions'), count('badVersions')],
    ),
    addressErrors: count('notForwarded'),
    discardsOut: count('dropped'),
    noRoutesOut: count('noRoutes'),
    reassemblyFailures: sum(count('fragmentsDropped'), count('fragmentsTimedOut')),
    fragmentationFailures: count('notFragmented'),
  };
};

/** `net.inet.icmp.stats`. */
export const parseIcmp: Parse<'icmp'> = (bytes): IcmpCounts => {
  const count = readerOf(ICMP_COUNTERS, bytes);
  const all = (name: 'sent' | 'received'): number =>
    sum(...Array.from({ length: ICMP_TYPES }, (_, type) => readField(bytes, ICMP_COUNTERS.fields[name], type * 4)));
  const errorsIn = sum(count('badCodes'), count('cut'), count('badChecksums'), count('badLengths'));
  return {
    // Those with errors are told apart from those that are counted by their type.
    messagesIn: sum(all('received'), count('cut'), count('badChecksums')),
    messagesOut: all('sent'),
    errorsIn,
    unreachablesIn: count('receivedUnreachable'),
    unreachablesOut: count('sentUnreachable'),
  };
};
