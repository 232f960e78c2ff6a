import { group } from '../model/field.ts';
import type { Group } from '../model/field.ts';

/** An interface that belongs to a bond. */
export interface BondMember {
  readonly device: string;
  /** Whether the bond sees its link as up; null where it does not say. */
  readonly up: boolean | null;
  /** How often its link failed. */
  readonly linkFailures: number | null;
}

/** A bond: several interfaces that act as one (kernel: Documentation/networking/bonding.rst). */
export interface BondReading {
  readonly master: string;
  /** `active-backup`, `802.3ad`, `balance-rr`, …; null where the kernel does not say. */
  readonly mode: string | null;
  /** The member that carries the traffic, in modes that have one; null otherwise. */
  readonly activeMember: string | null;
  readonly members: readonly BondMember[];
  /** How many members there are. */
  readonly count: number;
  /** How many of them are up. */
  readonly active: number;
}

/** Fields of the `bonding` collector. */
export const bondingGroups = (): readonly Group<readonly BondReading[]>[] => [
  group<readonly BondReading[], BondReading>({
    name: 'bonding',
    source: '/sys/class/net/*/bonding',
    rows: (reading) => reading,
    labels: { master: 'master' },
    fields: [
      { key: 'count', kind: 'gauge', unit: 'count', help: 'Members of the bond.', prometheus: { name: 'node_bonding_slaves' } },
      {
        key: 'active',
        kind: 'gauge',
        unit: 'count',
        help: 'Members of the bond that are up.',
        prometheus: { name: 'node_bonding_active' },
      },
      {
        key: 'mode',
        kind: 'info',
        unit: 'none',
        help: 'How the bond spreads its traffic.',
        nullWhen: 'the kernel does not say',
        prometheus: { name: 'hecate_bonding_info', value: () => 1, properties: { mode: 'mode', active_member: 'activeMember' } },
      },
    ],
  }),
  group<readonly BondReading[], BondMember & { readonly master: string }>({
    name: 'bonding.members',
    json: 'bonding[].members[]',
    source: '/sys/class/net/*/lower_*/bonding_slave',
    rows: (reading) => reading.flatMap(({ master, members }) => members.map((member) => ({ ...member, master }))),
    labels: { master: 'master', device: 'device' },
    fields: [
      { key: 'up', kind: 'gauge', unit: 'none', help: 'Whether the bond sees the link as up.', nullWhen: 'the kernel does not say' },
      {
        key: 'linkFailures',
        kind: 'counter',
        unit: 'count',
        help: 'How often the link of the member failed.',
        nullWhen: 'the kernel does not say',
        prometheus: { name: 'hecate_bonding_link_failures_total' },
      },
    ],
  }),
];
