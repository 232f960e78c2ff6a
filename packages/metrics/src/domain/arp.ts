import { group } from '../model/field.ts';
import type { Group } from '../model/field.ts';

/** How many IPv4 neighbours an interface knows. */
export interface ArpReading {
  readonly device: string;
  /** Entries of the table, without those of interfaces that need no ARP. */
  readonly entries: number;
  /** Of these, those whose hardware address is not known: nobody answered. */
  readonly incomplete: number;
}

/** Fields of the `arp` collector. */
export const arpGroups = (): readonly Group<readonly ArpReading[]>[] => [
  group<readonly ArpReading[], ArpReading>({
    name: 'arp',
    source: '/proc/net/arp',
    rows: (reading) => reading,
    labels: { device: 'device' },
    fields: [
      { key: 'entries', kind: 'gauge', unit: 'count', help: 'ARP entries.', prometheus: { name: 'node_arp_entries' } },
      {
        key: 'incomplete',
        kind: 'gauge',
        unit: 'count',
        help: 'ARP entries without a hardware address: nobody answered.',
        prometheus: { name: 'hecate_arp_incomplete_entries' },
      },
    ],
  }),
];
