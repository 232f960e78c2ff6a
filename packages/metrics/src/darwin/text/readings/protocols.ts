import { PROTOCOL_COUNTERS } from '../../../domain/protocol-counters.ts';
import type { TcpCounts } from '../../../domain/protocol-counters.ts';
import type { ProtocolsReading } from '../../../domain/protocols.ts';

/** Protocols from `netstat -s -p tcp`. Fills `tcp`, as far as netstat tells it; all other parts stay null. */
export function protocolsFromNetstat(tcp: TcpCounts): ProtocolsReading {
  const parts = Object.fromEntries(Object.keys(PROTOCOL_COUNTERS).map((part) => [part, null]));
  return { ...(parts as Omit<ProtocolsReading, 'tcp' | 'published'>), tcp, published: [] };
}
