import { powerGroups } from '../domain/power-groups.ts';
import { summarizePower } from '../domain/power.ts';
import type { PowerReading } from '../domain/power.ts';
import type { Collector } from '../model/collector.ts';
import type { GapSink } from '../model/gap.ts';
import type { Darwin } from './binding/darwin.ts';
import { readAdapter, readPowerSources } from './battery/power-sources.ts';
import { suppliesOf, upsOf } from './battery/supplies.ts';
import { textAt } from './core-foundation/dictionary.ts';
import { withWaitingPrograms } from './fallback.ts';
import { mapServices } from './io-registry/services.ts';
import { ask, openReader } from './reader.ts';
import { powerTier } from './text/tiers.ts';

function readPower(darwin: Darwin, gaps: GapSink): PowerReading {
  const batteries = ask(gaps, 'power.supplies', () => mapServices(darwin, 'AppleSmartBattery', (entry) => entry.properties())) ?? [];
  const supplies = suppliesOf(batteries, () => ask(gaps, 'power.supplies', () => readAdapter(darwin)));
  const sources = ask(gaps, 'power.source', () => readPowerSources(darwin));
  for (const [index, source] of (sources?.list ?? []).entries())
    if (textAt(source, 'Type') === 'UPS') supplies.push(upsOf(source, textAt(source, 'Name') ?? `ups${index}`));
  if (sources?.providing === 'unknown') gaps.add('power.source', 'absent', 'The power sources do not say what feeds this machine.');
  const summary = summarizePower(supplies);
  // A Mac without a battery has no supply that could tell.
  return { ...summary, source: sources && sources.providing !== 'unknown' ? sources.providing : summary.source, supplies };
}

/** Batteries, the adapter, and what the machine runs on. */
export const power: Collector<'power', PowerReading> = {
  name: 'power',
  lane: 'slow',
  asynchronous: true,
  sources: ['AppleSmartBattery of the I/O registry', 'IOPSCopyPowerSourcesInfo', 'else ioreg(8) and pmset(1)'],
  remedy: 'Nothing is known to help; tell us with the output of hecate doctor.',
  groups: powerGroups,
  open: (machine) =>
    withWaitingPrograms(
      machine,
      openReader(machine, (darwin) => (gaps) => readPower(darwin, gaps)),
      powerTier,
    ),
};
