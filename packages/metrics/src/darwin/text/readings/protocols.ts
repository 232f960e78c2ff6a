import { PROTOCOL_COUNTERS } from '../../../domain/protocol-counters.ts';
import type { TcpCounts } from '../../../domain/protocol-counters.ts';
import { publishedOf } from '../../../domain/protocols.ts';
import type { ProtocolsReading } from '../../../domain/protocols.ts';
import { longCounts } from '../../network/long-counter.ts';

/**
 * Protocols from `netstat -s -p tcp`. Fills `tcp`, as far as netstat tells it; all other parts stay null. `long` makes a counter of 32 bits
 * go on where the kernel's begins again.
 */
export function protocolsFromNetstat(counts: TcpCounts, long: (key: string, now: number) => number): ProtocolsReading {
  const none = Object.fromEntries(Object.keys(PROTOCOL_COUNTERS).map((part) => [part, null]));
  const parts = { ...(none as Omit<ProtocolsReading, 'tcp' | 'published'>), tcp: longCounts(counts, 'tcp', long) };
  return { ...parts, published: publishedOf(parts) };
}
