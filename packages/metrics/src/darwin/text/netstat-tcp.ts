import { HecateError } from '@hecate/host';
import type { Host } from '@hecate/host';
import type { TcpCounts } from '../../domain/protocol-counters.ts';
import { aroundOf } from '../network/long-counter.ts';
import { countOf } from './decimal.ts';
import { askProgram, notUnderstood } from './program.ts';

/** The lines of `netstat -s -p tcp` that say what we count; singular and plural. Every number has 32 bits and starts over. */
const LINES: readonly (readonly [key: string, line: RegExp])[] = [
  ['sent', /^\t?\s*(\d+) packets? sent$/m],
  ['retransmitted', /^\s*(\d+) data packets? \(\d+ bytes?\) retransmitted$/m],
  ['received', /^\t?\s*(\d+) packets? received$/m],
  ['checksumErrors', /^\s*(\d+) discarded for bad checksums?$/m],
  ['outOfOrder', /^\s*(\d+) out-of-order packets? \(\d+ bytes?\)$/m],
  ['activeOpens', /^\s*(\d+) connection requests?$/m],
  ['passiveOpens', /^\s*(\d+) connection accepts?$/m],
  ['listenOverflows', /^\s*(\d+) listen queue overflows?$/m],
  ['failedOpens', /^\s*(\d+) embryonic connections? dropped$/m],
  ['timeouts', /^\s*(\d+) retransmit timeouts?$/m],
];

/**
 * Reads what `netstat -s -p tcp` prints; what it does not say is null. Throws FAILED where no line is known, DENIED where everything is 0:
 * the kernel has zeros for who is not root (see `darwin/protocols.ts`), and no machine has sent nothing at all.
 */
export function parseNetstatTcp(text: string): TcpCounts {
  // Other protocols have lines of the same words.
  const [, section] = /^tcp:\n((?:[ \t].*(?:\n|$))*)/m.exec(text) ?? [];
  const found = new Map(LINES.map(([key, line]) => [key, countOf(line.exec(section ?? '')?.[1])]));
  if ([...found.values()].every((count) => count === null)) throw notUnderstood('netstat', text);
  if ([...found.values()].every((count) => !count))
    throw new HecateError('DENIED', 'netstat tells counters of TCP to root only.', { hint: 'Start hecate as root to have them.' });
  const say = (key: string): number | null => found.get(key) ?? null;
  const sent = say('sent');
  const retransmitted = say('retransmitted');
  return {
    activeOpens: say('activeOpens'),
    passiveOpens: say('passiveOpens'),
    failedOpens: say('failedOpens'),
    establishedResets: null,
    established: null,
    segmentsIn: say('received'),
    // macOS counts those that are sent again in all that are sent (RFC 4022 does not).
    segmentsOut: sent === null || retransmitted === null ? null : aroundOf(sent - retransmitted),
    segmentsRetransmitted: retransmitted,
    errorsIn: null,
    checksumErrorsIn: say('checksumErrors'),
    resetsOut: null,
    listenDrops: null,
    listenOverflows: say('listenOverflows'),
    synRetransmits: null,
    timeouts: say('timeouts'),
    lostRetransmits: null,
    fastRetransmits: null,
    outOfOrder: say('outOfOrder'),
    receiveQueueDrops: null,
    synCookiesSent: null,
    abortsOnMemory: null,
    memoryPressures: null,
  };
}

/** Counters of TCP since boot. Throws as {@link askProgram} and {@link parseNetstatTcp}. */
export async function readNetstatTcp(host: Host): Promise<TcpCounts> {
  return parseNetstatTcp(await askProgram(host, { argv: ['/usr/sbin/netstat', '-s', '-p', 'tcp'] }));
}
