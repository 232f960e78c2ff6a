import { group } from '../model/field.ts';
import type { Group } from '../model/field.ts';

/** A route that packets take for which there is no better one. */
export interface RouteReading {
  readonly family: 'ipv4' | 'ipv6';
  readonly device: string;
  /** The router; null when the interface itself leads everywhere (point-to-point links). */
  readonly gateway: string | null;
  /** Of several, the one with the lowest is taken. Null where the system has none (macOS): then there is one route of each family. */
  readonly metric: number | null;
}

/** Fields of the `routes` collector. */
export const routesGroups = (): readonly Group<readonly RouteReading[]>[] => [
  group<readonly RouteReading[], RouteReading>({
    name: 'routes',
    source: '/proc/net/route, /proc/net/ipv6_route',
    rows: (reading) => reading,
    labels: { device: 'device', family: 'family' },
    fields: [
      {
        key: 'metric',
        kind: 'gauge',
        unit: 'none',
        help: 'Metric of a default route; the lowest is taken.',
        nullWhen: 'the system has none (macOS)',
        prometheus: { name: 'hecate_network_default_route_metric', properties: { gateway: 'gateway' } },
      },
      { key: 'gateway', kind: 'info', unit: 'none', help: 'The router.', nullWhen: 'the interface itself leads everywhere' },
    ],
  }),
];
