import type { Connection } from './connections.ts';

/** Bytes that went over TCP. */
export interface TcpBytes {
  received: number;
  /** Sent, and acknowledged by the other end. */
  acked: number;
}

/**
 * Bytes over TCP by process id, of the connections that are open now. A connection that several processes have open counts for each
 * of them, and one that is closed takes its bytes with it: sums can go back. Connections of which the bytes are not known count nothing.
 */
export function tcpBytesByProcess(
  connections: readonly Pick<Connection, 'bytesAcked' | 'bytesReceived' | 'owners'>[],
): ReadonlyMap<number, Readonly<TcpBytes>> {
  const sums = new Map<number, TcpBytes>();
  for (const { bytesAcked, bytesReceived, owners } of connections) {
    if (bytesAcked === null || bytesReceived === null) continue;
    for (const { pid } of owners) {
      let sum = sums.get(pid);
      if (!sum) sums.set(pid, (sum = { received: 0, acked: 0 }));
      sum.received += bytesReceived;
      sum.acked += bytesAcked;
    }
  }
  return sums;
}
