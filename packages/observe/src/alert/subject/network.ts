import type { BondReading, NetworkRates } from '@hecate/metrics';
import type { Frame } from '../../serve/hub.ts';
import { subject } from './subject.ts';
import type { AnySubject } from './subject.ts';

/** Packets a second below which a share of them means nothing: one that is dropped of two is half. */
const LEAST_PACKETS = 20;

/** Interfaces that are hardware; all but the loopback where there are none, as in a container. */
function interfacesOf({ snapshot, rates }: Frame): readonly NetworkRates[] | null {
  if (!snapshot.network || !rates.network) return null;
  const physical = new Set<string>();
  for (const row of snapshot.network) if (row.physical) physical.add(row.device);
  return rates.network.devices.filter(({ device }) => (physical.size > 0 ? physical.has(device) : device !== 'lo'));
}

function dropPercent(row: NetworkRates): number | null {
  const { receivePacketsPerSecond: received, transmitPacketsPerSecond: sent, dropsPerSecond: dropped } = row;
  if (received === null || sent === null || dropped === null || received + sent < LEAST_PACKETS) return null;
  return (dropped / (received + sent + dropped)) * 100;
}

/** Network interfaces. */
export const NETWORK: AnySubject = subject<NetworkRates>({
  name: 'network',
  pace: 'slow',
  rows: interfacesOf,
  objectOf: ({ device }) => device,
  readings: {
    receive_bytes_per_second: { unit: 'bytes/second', help: 'bytes received', value: (row) => row.receiveBytesPerSecond },
    transmit_bytes_per_second: { unit: 'bytes/second', help: 'bytes sent', value: (row) => row.transmitBytesPerSecond },
    errors_per_second: { unit: 'count/second', help: 'packets with errors', value: (row) => row.errorsPerSecond },
    drops_per_second: { unit: 'count/second', help: 'packets dropped', value: (row) => row.dropsPerSecond },
    drop_percent: {
      unit: 'percent',
      help: `share of packets that are dropped; unknown below ${LEAST_PACKETS} packets a second`,
      value: dropPercent,
    },
  },
});

/** Interfaces that are joined into one. */
export const BOND: AnySubject = subject<BondReading>({
  name: 'bond',
  pace: 'slow',
  rows: ({ snapshot }) => snapshot.bonding,
  objectOf: ({ master }) => master,
  readings: { members_down: { unit: 'count', help: 'members whose link is down', value: ({ count, active }) => count - active } },
});
