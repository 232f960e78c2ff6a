import { COLLECTOR_NAMES } from '@hecate/metrics';
import type { CollectorName, Snapshot } from '@hecate/metrics';
import { createProcessTableForTest } from './process-table.testing.ts';

/** A snapshot of which nothing could be read. */
export const NOTHING: Snapshot = {
  time: 1_795_000_000,
  monotonic: 10,
  gaps: [{ field: 'cpu', reason: 'permission', detail: 'No.' }],
  runs: [{ collector: 'cpu', seconds: 0.001, success: false, readAt: 10 }],
  ...(Object.fromEntries(COLLECTOR_NAMES.map((name) => [name, null])) as { readonly [Name in CollectorName]: null }),
};

/** A snapshot whose every name is meant to break a format. */
export function hostileSnapshot(name: string): Snapshot {
  return {
    ...NOTHING,
    network: [
      {
        device: name,
        index: 1,
        physical: true,
        receiveBytes: 1,
        receivePackets: 1,
        receiveErrors: 0,
        receiveDrops: 0,
        receiveFifo: 0,
        receiveFrame: 0,
        receiveCompressed: 0,
        receiveMulticast: 0,
        transmitBytes: 2,
        transmitPackets: 1,
        transmitErrors: 0,
        transmitDrops: 0,
        transmitFifo: 0,
        transmitCollisions: 0,
        transmitCarrier: 0,
        transmitCompressed: 0,
      },
    ] as unknown as Snapshot['network'],
    processes: createProcessTableForTest(name),
  };
}
