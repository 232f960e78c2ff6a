import { group } from '../model/field.ts';
import type { Field, Group } from '../model/field.ts';
import { eachPerSecond } from '../model/rate-field.ts';
import type { RateField } from '../model/rate-field.ts';
import { counterRate } from './cpu.ts';
import { sumOf } from './disk.ts';

/** Counters of one network interface since it came up (kernel: Documentation/networking/statistics.rst). */
export interface NetworkReading {
  readonly device: string;
  /** The kernel's number of the interface, which survives a rename; null where it could not be read. */
  readonly index: number | null;
  /** Whether it is hardware of its own (also a virtual machine's), not a bridge, bond, VLAN, tunnel or container end. Totals sum these. */
  readonly physical: boolean;
  readonly receiveBytes: number;
  readonly receivePackets: number;
  readonly receiveErrors: number;
  /** Null where only programs of macOS could be asked, which do not tell it. */
  readonly receiveDrops: number | null;
  /** This and those of its kind below: macOS does not count them. */
  readonly receiveFifo: number | null;
  readonly receiveFrame: number | null;
  readonly receiveCompressed: number | null;
  /** Null as `receiveDrops`. */
  readonly receiveMulticast: number | null;
  readonly transmitBytes: number;
  readonly transmitPackets: number;
  readonly transmitErrors: number;
  /** Null where the source does not tell it. */
  readonly transmitDrops: number | null;
  readonly transmitFifo: number | null;
  /** Null where the source does not tell it. */
  readonly transmitCollisions: number | null;
  readonly transmitCarrier: number | null;
  readonly transmitCompressed: number | null;
}

/** Rates of one interface. */
export interface NetworkRates {
  readonly device: string;
  readonly receiveBytesPerSecond: number | null;
  readonly transmitBytesPerSecond: number | null;
  readonly receivePacketsPerSecond: number | null;
  readonly transmitPacketsPerSecond: number | null;
  readonly errorsPerSecond: number | null;
  /** Null also where the system tells those of one direction only: half of them is not all. */
  readonly dropsPerSecond: number | null;
}

/** All interfaces, and the sum over physical ones; where there are none (in a container), over all but the loopback. */
export interface NetworksRates {
  readonly total: Omit<NetworkRates, 'device'>;
  readonly devices: readonly NetworkRates[];
}

/** `lo` on Linux, `lo0` on macOS. */
const isLoopback = (device: string): boolean => device === 'lo' || device === 'lo0';

/** Rates between two readings; an interface whose index changed is another one. */
export function networksRates(before: readonly NetworkReading[], after: readonly NetworkReading[], elapsed: number): NetworksRates {
  const key = (row: NetworkReading): string | number => row.index ?? row.device;
  const earlier = new Map(before.map((row) => [key(row), row]));
  const devices: NetworkRates[] = [];
  const physical = new Set<NetworkRates>();
  for (const row of after) {
    const was = earlier.get(key(row));
    if (!was) continue;
    const rate = (...keys: (keyof NetworkReading)[]): number | null =>
      keys.some((name) => was[name] === null || row[name] === null)
        ? null
        : sumOf(keys, (name) => counterRate(was[name] as number | null, row[name] as number | null, elapsed));
    const rates: NetworkRates = {
      device: row.device,
      receiveBytesPerSecond: rate('receiveBytes'),
      transmitBytesPerSecond: rate('transmitBytes'),
      receivePacketsPerSecond: rate('receivePackets'),
      transmitPacketsPerSecond: rate('transmitPackets'),
      errorsPerSecond: rate('receiveErrors', 'transmitErrors'),
      dropsPerSecond: rate('receiveDrops', 'transmitDrops'),
    };
    devices.push(rates);
    if (row.physical) physical.add(rates);
  }
  // What goes through a bridge, a tunnel or a bond goes through the hardware too, and would count twice.
  const outward = devices.filter((row) => (physical.size > 0 ? physical.has(row) : !isLoopback(row.device)));
  const sum = (name: keyof NetworkRates): number | null => sumOf(outward, (row) => row[name] as number | null);
  return {
    devices,
    total: {
      receiveBytesPerSecond: sum('receiveBytesPerSecond'),
      transmitBytesPerSecond: sum('transmitBytesPerSecond'),
      receivePacketsPerSecond: sum('receivePacketsPerSecond'),
      transmitPacketsPerSecond: sum('transmitPacketsPerSecond'),
      errorsPerSecond: sum('errorsPerSecond'),
      dropsPerSecond: sum('dropsPerSecond'),
    },
  };
}

/** Fields of {@link NetworksRates}. */
export const networkRateFields = (): readonly RateField[] => [
  ...eachPerSecond('devices[].', ['receiveBytes', 'transmitBytes', 'receivePackets', 'transmitPackets'], 'the counter went back'),
  ...(['errors', 'drops'] as const).map((what): RateField => {
    const name = what === 'errors' ? 'Errors' : 'Drops';
    const formula = `Δ receive${name} / elapsed + Δ transmit${name} / elapsed`;
    return {
      path: `devices[].${what}PerSecond`,
      unit: 'count/second',
      formula,
      nullWhen: 'both counters went back, or the system tells one of them only',
    };
  }),
  {
    path: 'total',
    unit: 'none',
    formula: 'sums over physical interfaces; where there are none (in a container), over all but lo',
    nullWhen: 'no interface is known',
  },
];

const COUNTERS: readonly (readonly [keyof NetworkReading & string, string, 'bytes' | 'count', string])[] = [
  ['receiveBytes', 'receive_bytes', 'bytes', 'Bytes received.'],
  ['receivePackets', 'receive_packets', 'count', 'Packets received.'],
  ['receiveErrors', 'receive_errs', 'count', 'Packets received with errors.'],
  ['receiveDrops', 'receive_drop', 'count', 'Packets received and dropped.'],
  ['receiveFifo', 'receive_fifo', 'count', 'Receive FIFO overruns.'],
  ['receiveFrame', 'receive_frame', 'count', 'Frame alignment errors.'],
  ['receiveCompressed', 'receive_compressed', 'count', 'Compressed packets received.'],
  ['receiveMulticast', 'receive_multicast', 'count', 'Multicast packets received.'],
  ['transmitBytes', 'transmit_bytes', 'bytes', 'Bytes sent.'],
  ['transmitPackets', 'transmit_packets', 'count', 'Packets sent.'],
  ['transmitErrors', 'transmit_errs', 'count', 'Packets that failed to be sent.'],
  ['transmitDrops', 'transmit_drop', 'count', 'Packets dropped before they were sent.'],
  ['transmitFifo', 'transmit_fifo', 'count', 'Transmit FIFO overruns.'],
  ['transmitCollisions', 'transmit_colls', 'count', 'Collisions.'],
  ['transmitCarrier', 'transmit_carrier', 'count', 'Losses of carrier.'],
  ['transmitCompressed', 'transmit_compressed', 'count', 'Compressed packets sent.'],
];

const UNCOUNTED = 'the system does not count it (macOS)';
const UNTOLD = 'only programs of macOS could be asked, and they do not tell it';
/** When a counter is null. */
const NULL_WHEN: Readonly<Record<string, string>> = {
  ...{ receiveFifo: UNCOUNTED, receiveFrame: UNCOUNTED, receiveCompressed: UNCOUNTED },
  ...{ transmitFifo: UNCOUNTED, transmitCarrier: UNCOUNTED, transmitCompressed: UNCOUNTED },
  ...{ receiveDrops: UNTOLD, receiveMulticast: UNTOLD, transmitDrops: UNTOLD, transmitCollisions: UNTOLD },
};

const OTEL: Readonly<Record<string, Field<NetworkReading>['otel']>> = {
  receiveBytes: { name: 'system.network.io', attributes: { 'network.io.direction': 'receive' } },
  transmitBytes: { name: 'system.network.io', attributes: { 'network.io.direction': 'transmit' } },
  receivePackets: { name: 'system.network.packet.count', attributes: { 'network.io.direction': 'receive' } },
  transmitPackets: { name: 'system.network.packet.count', attributes: { 'network.io.direction': 'transmit' } },
  receiveErrors: { name: 'system.network.errors', attributes: { 'network.io.direction': 'receive' } },
  transmitErrors: { name: 'system.network.errors', attributes: { 'network.io.direction': 'transmit' } },
  receiveDrops: { name: 'system.network.packet.dropped', attributes: { 'network.io.direction': 'receive' } },
  transmitDrops: { name: 'system.network.packet.dropped', attributes: { 'network.io.direction': 'transmit' } },
};

/** Fields of the `network` collector. */
export const networkGroups = (): readonly Group<readonly NetworkReading[]>[] => [
  group<readonly NetworkReading[], NetworkReading>({
    name: 'network',
    source: '/proc/net/dev',
    rows: (reading) => reading,
    labels: { device: 'device' },
    fields: COUNTERS.map(([key, name, unit, help]): Field<NetworkReading> => ({
      key,
      kind: 'counter',
      unit,
      help,
      ...(NULL_WHEN[key] === undefined ? {} : { nullWhen: NULL_WHEN[key] }),
      prometheus: { name: `node_network_${name}_total` },
      ...(OTEL[key] ? { otel: OTEL[key] } : {}),
    })),
  }),
];
