import { group } from '../model/field.ts';
import type { Group } from '../model/field.ts';

/** A counter that a driver keeps, under a name of the driver's own. */
export interface DriverCounter {
  readonly name: string;
  readonly value: number;
}

/** What the driver of an interface says (kernel: linux/ethtool.h). */
export interface EthtoolReading {
  readonly device: string;
  readonly driver: string;
  /** Version of the driver; mostly that of the kernel. */
  readonly version: string;
  /** Empty where there is none. */
  readonly firmwareVersion: string;
  readonly expansionRomVersion: string;
  /** Where it is plugged in: `0000:00:03.0`. Empty for what is no hardware. */
  readonly busInfo: string;
  /** Empty where the driver counts nothing of its own. */
  readonly counters: readonly DriverCounter[];
}

/** A counter with the family that it is a sample of. */
interface NamedCounter extends DriverCounter {
  readonly device: string;
  readonly family: string;
}

/** Counters that most drivers have; node_exporter marks them as such. */
const COMMON: Readonly<Record<string, string>> = {
  rx_bytes: 'received_bytes_total',
  rx_dropped: 'received_dropped_total',
  rx_errors: 'received_errors_total',
  rx_packets: 'received_packets_total',
  tx_bytes: 'transmitted_bytes_total',
  tx_errors: 'transmitted_errors_total',
  tx_packets: 'transmitted_packets_total',
};

/** The family of a driver's counter as node_exporter names it: `rx_queue_0_drops` to `node_ethtool_received_queue_0_drops`. */
export function ethtoolFamily(counter: string): string {
  const clean = counter.replaceAll(/[^a-zA-Z0-9:_]/g, '_');
  const name = clean
    .toLowerCase()
    .replace(/^_+/, '')
    // Each match takes its underscores with it, as theirs does: `tx_tx_timeouts` becomes `transmitted_tx_timeouts`.
    .replaceAll(/(^|_)rx(_|$)/g, '$1received$2')
    .replaceAll(/(^|_)tx(_|$)/g, '$1transmitted$2');
  return `node_ethtool_${COMMON[clean] ?? name}`;
}

/** Counters of one driver whose names stay different when they are made fit for Prometheus. */
function nameCounters({ device, counters }: EthtoolReading): NamedCounter[] {
  const named = counters.map((row) => ({ ...row, device, family: ethtoolFamily(row.name) }));
  const times = new Map<string, number>();
  for (const { family } of named) times.set(family, (times.get(family) ?? 0) + 1);
  return named.filter(({ family }) => times.get(family) === 1);
}

/** Fields of the `ethtool` collector. */
export const ethtoolGroups = (): readonly Group<readonly EthtoolReading[]>[] => [
  group<readonly EthtoolReading[], EthtoolReading>({
    name: 'ethtool',
    source: 'ioctl SIOCETHTOOL',
    rows: (reading) => reading,
    labels: { device: 'device' },
    fields: [
      {
        key: 'driver',
        kind: 'info',
        unit: 'none',
        help: 'Driver of the interface.',
        prometheus: {
          name: 'node_ethtool_info',
          help: 'Driver and firmware of each interface.',
          value: () => 1,
          properties: {
            bus_info: 'busInfo',
            driver: 'driver',
            expansion_rom_version: 'expansionRomVersion',
            firmware_version: 'firmwareVersion',
            version: 'version',
          },
        },
      },
    ],
  }),
  group<readonly EthtoolReading[], NamedCounter>({
    name: 'ethtool.counters',
    source: 'ioctl SIOCETHTOOL',
    rows: (reading) => reading.flatMap(nameCounters),
    labels: { device: 'device' },
    fields: [],
    open: {
      pattern: 'node_ethtool_<name>',
      kind: 'untyped',
      name: (row) => row.family,
      help: (row) => `The driver's counter ${row.name}.`,
      value: (row) => row.value,
    },
  }),
];
