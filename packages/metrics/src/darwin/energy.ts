import type { Host } from '@hecate/host';
import { energyGroups } from '../domain/energy.ts';
import type { EnergyReading, EnergyZone } from '../domain/energy.ts';
import type { Collector } from '../model/collector.ts';
import type { GapSink } from '../model/gap.ts';
import { openStuck } from './energy/stuck.ts';
import { joulesPerUnit, withPackage, zoneChannelOf, zoneOf } from './energy/zones.ts';
import { withPrograms } from './fallback.ts';
import type { Channel } from './io-report/channel.ts';
import { openIoReport } from './io-report/report.ts';
import type { IoReport } from './io-report/report.ts';
import { once } from './once.ts';
import { lacks, openReader } from './reader.ts';
import { energyTier } from './text/chip-tiers.ts';

const GROUP = 'Energy Model';

/** The channel as a zone, in joules; null for one that is none. */
function zoneFrom(channel: Channel, gaps: GapSink): EnergyZone | null {
  const known = zoneChannelOf(channel.name);
  if (!known) return null;
  const joules = joulesPerUnit(channel.unit);
  if (joules === null)
    gaps.add('energy.zones.energy', 'error', `IOReport counts ${channel.name} in "${channel.unit ?? ''}", which is not known.`);
  return zoneOf(channel, known, joules === null || channel.value === null ? null : channel.value * joules, null);
}

/** A reader that keeps the subscription to the chip's counters until it is closed. */
function openEnergy(host: Host): ReturnType<Collector<'energy', EnergyReading>['open']> {
  let opened: IoReport | undefined;
  const reader = openReader(host, (darwin) => {
    const wanted = { group: GROUP, subgroup: null, kind: 'simple', isWanted: (name: string) => zoneChannelOf(name) !== null } as const;
    const report = once(() => (opened = openIoReport(darwin, [wanted])));
    const stuckIn = openStuck();
    return (gaps): EnergyReading => {
      const zones = report()
        .read()
        .flatMap((channel) => zoneFrom(channel, gaps) ?? []);
      const stuck = stuckIn(zones, host.clock.monotonic());
      if (stuck.size > 0)
        gaps.add('energy.zones.energy', 'unsupported', `These counters of this macOS do not move: ${[...stuck].join(', ')}.`);
      lacks(gaps, ['energy.zones.maxEnergy', 'energy.zones.enabled'], 'macOS has no limits of power, and its counters do not start over.');
      return { zones: withPackage(zones.map((zone) => (stuck.has(zone.zone) ? { ...zone, energy: null } : zone))) };
    };
  });
  const native = {
    read: reader.read,
    close() {
      opened?.close();
      opened = undefined;
      reader.close();
    },
  };
  return withPrograms(host, native, energyTier());
}

/** Energy of the chip: CPU, GPU, neural engine, memory. */
export const energy: Collector<'energy', EnergyReading> = {
  name: 'energy',
  lane: 'fast',
  sources: ['IOReport Energy Model', 'else, as root, powermetrics(1)'],
  remedy: 'A virtual machine and Intel have no such counters. On another Mac, tell us with the output of hecate doctor.',
  groups: energyGroups,
  open: openEnergy,
};
