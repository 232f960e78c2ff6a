import type { Host } from '@hecate/host';
import { bondingGroups } from '../domain/bonding.ts';
import type { BondMember, BondReading } from '../domain/bonding.ts';
import type { Collector } from '../model/collector.ts';
import { readAttribute, readNumber } from './attribute.ts';

const CLASS = '/sys/class/net';

/** The words of a file; none where there is no such file. */
const readWords = (host: Host, path: string): string[] => (readAttribute(host, path) ?? '').split(/\s+/).filter((word) => word !== '');

/** The member's directory is `lower_*`, and was `slave_*` before Linux 3.13. */
function readMember(host: Host, master: string, device: string): BondMember {
  const paths = ['lower', 'slave'].map((prefix) => `${CLASS}/${master}/${prefix}_${device}/bonding_slave`);
  const directory = paths.find((path) => readAttribute(host, `${path}/mii_status`) !== null);
  if (directory === undefined) return { device, up: null, linkFailures: null };
  return {
    device,
    up: readAttribute(host, `${directory}/mii_status`) === 'up',
    linkFailures: readNumber(host, `${directory}/link_failure_count`),
  };
}

function readBond(host: Host, master: string): BondReading {
  const directory = `${CLASS}/${master}/bonding`;
  const members = readWords(host, `${directory}/slaves`).map((device) => readMember(host, master, device));
  return {
    master,
    // `active-backup 1`: the name and the number of the mode.
    mode: readWords(host, `${directory}/mode`)[0] ?? null,
    activeMember: readWords(host, `${directory}/active_slave`)[0] ?? null,
    members,
    count: members.length,
    active: members.filter((member) => member.up === true).length,
  };
}

/** Bonds and their members. Empty where there are none. */
export const bonding: Collector<'bonding', readonly BondReading[]> = {
  name: 'bonding',
  lane: 'slow',
  sources: ['/sys/class/net/bonding_masters', '/sys/class/net/*/bonding'],
  remedy: 'Mount /sys.',
  groups: bondingGroups,
  open: (host) => ({
    *read(gaps) {
      const bonds: BondReading[] = [];
      for (const master of readWords(host, `${CLASS}/bonding_masters`)) {
        try {
          bonds.push(readBond(host, master));
        } catch (error) {
          gaps.addError(`bonding.${master}`, error);
        }
        yield;
      }
      return bonds;
    },
    close: () => {},
  }),
};
