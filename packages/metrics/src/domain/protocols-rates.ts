import { eachPerSecond, perSecond } from '../model/rate-field.ts';
import type { RateField } from '../model/rate-field.ts';
import { counterRate } from './cpu.ts';
import type { TcpCounts } from './protocol-counters.ts';
import type { ProtocolsReading } from './protocols.ts';

/** TCP between two readings. Null where unknown, or a counter started over. */
export interface TcpRates {
  readonly segmentsInPerSecond: number | null;
  readonly segmentsOutPerSecond: number | null;
  readonly retransmitsPerSecond: number | null;
  /**
   * Share of the segments sent that were sent again, 0 to 1: as near as a machine can tell to the packets that got lost.
   * Null when fewer than {@link RETRANSMIT_MINIMUM} segments were sent, of which one would be a large share.
   */
  readonly retransmitRatio: number | null;
  readonly activeOpensPerSecond: number | null;
  readonly passiveOpensPerSecond: number | null;
  readonly resetsOutPerSecond: number | null;
  readonly errorsInPerSecond: number | null;
  readonly listenDropsPerSecond: number | null;
  readonly timeoutsPerSecond: number | null;
}

/** UDP of one version between two readings. */
export interface UdpRates {
  readonly datagramsInPerSecond: number | null;
  readonly datagramsOutPerSecond: number | null;
  /** Datagrams that could not be delivered; those that found their buffer full are among them. */
  readonly errorsInPerSecond: number | null;
  readonly noPortsPerSecond: number | null;
}

/** IP of one version between two readings. */
export interface IpRates {
  readonly receivedPerSecond: number | null;
  readonly sentPerSecond: number | null;
  readonly bytesInPerSecond: number | null;
  readonly bytesOutPerSecond: number | null;
  readonly forwardedPerSecond: number | null;
}

/** Rates by part; null where the kernel does not count the part. */
export interface ProtocolsRates {
  readonly tcp: TcpRates | null;
  readonly udp: UdpRates | null;
  readonly udp6: UdpRates | null;
  readonly ip: IpRates | null;
  readonly ip6: IpRates | null;
}

/** Segments that must have been sent before their share that was sent again means anything. */
export const RETRANSMIT_MINIMUM = 100;

/** Fields of {@link ProtocolsRates}. */
export const protocolsRateFields = (): readonly RateField[] => [
  ...eachPerSecond('tcp.', ['segmentsIn', 'segmentsOut']),
  perSecond('tcp.retransmitsPerSecond', 'segmentsRetransmitted'),
  {
    path: 'tcp.retransmitRatio',
    unit: 'ratio',
    formula: 'Δ segmentsRetransmitted / (Δ segmentsOut + Δ segmentsRetransmitted)',
    nullWhen: `fewer than ${RETRANSMIT_MINIMUM} segments were sent`,
  },
  ...eachPerSecond('tcp.', ['activeOpens', 'passiveOpens', 'resetsOut', 'errorsIn', 'listenDrops', 'timeouts']),
  ...['udp.', 'udp6.'].flatMap((part) => eachPerSecond(part, ['datagramsIn', 'datagramsOut', 'errorsIn', 'noPorts'])),
  ...['ip.', 'ip6.'].flatMap((part) => eachPerSecond(part, ['received', 'sent', 'bytesIn', 'bytesOut', 'forwarded'])),
];

/** What was sent again, of all that was sent; the kernel counts neither in the other. */
function retransmitRatio(before: TcpCounts, after: TcpCounts): number | null {
  if (before.segmentsOut === null || after.segmentsOut === null) return null;
  if (before.segmentsRetransmitted === null || after.segmentsRetransmitted === null) return null;
  const again = after.segmentsRetransmitted - before.segmentsRetransmitted;
  const first = after.segmentsOut - before.segmentsOut;
  return again < 0 || first < 0 || first + again < RETRANSMIT_MINIMUM ? null : again / (first + again);
}

/** What counts between two readings of one part; null when either is missing. */
function ratesOf<Counts extends object, Rates>(
  was: Counts | null,
  is: Counts | null,
  elapsed: number,
  make: (rate: (key: keyof Counts) => number | null) => Rates,
): Rates | null {
  if (!was || !is) return null;
  return make((key) => {
    const [from, to] = [was[key], is[key]] as [number | null, number | null];
    return from === null || to === null ? null : counterRate(from, to, elapsed);
  });
}

/** Rates between two readings; pure. */
export function protocolsRates(before: ProtocolsReading, after: ProtocolsReading, elapsed: number): ProtocolsRates {
  const udp = (part: 'udp' | 'udp6'): UdpRates | null =>
    ratesOf(before[part], after[part], elapsed, (rate) => ({
      datagramsInPerSecond: rate('datagramsIn'),
      datagramsOutPerSecond: rate('datagramsOut'),
      errorsInPerSecond: rate('errorsIn'),
      noPortsPerSecond: rate('noPorts'),
    }));
  const ip = (part: 'ip' | 'ip6'): IpRates | null =>
    ratesOf(before[part], after[part], elapsed, (rate) => ({
      receivedPerSecond: rate('received'),
      sentPerSecond: rate('sent'),
      bytesInPerSecond: rate('bytesIn'),
      bytesOutPerSecond: rate('bytesOut'),
      forwardedPerSecond: rate('forwarded'),
    }));
  const tcp = ratesOf(before.tcp, after.tcp, elapsed, (rate) => ({
    segmentsInPerSecond: rate('segmentsIn'),
    segmentsOutPerSecond: rate('segmentsOut'),
    retransmitsPerSecond: rate('segmentsRetransmitted'),
    retransmitRatio: retransmitRatio(before.tcp!, after.tcp!),
    activeOpensPerSecond: rate('activeOpens'),
    passiveOpensPerSecond: rate('passiveOpens'),
    resetsOutPerSecond: rate('resetsOut'),
    errorsInPerSecond: rate('errorsIn'),
    listenDropsPerSecond: rate('listenDrops'),
    timeoutsPerSecond: rate('timeouts'),
  }));
  return { tcp, udp: udp('udp'), udp6: udp('udp6'), ip: ip('ip'), ip6: ip('ip6') };
}
