import { powerGroups } from '../domain/power-groups.ts';
import { summarizePower } from '../domain/power.ts';
import type { PowerReading, PowerSource, PowerSupply } from '../domain/power.ts';
import type { Collector } from '../model/collector.ts';
import type { GapSink } from '../model/gap.ts';
import type { Darwin } from './binding/darwin.ts';
import { adapterOf, batteryOf, upsOf } from './battery/supplies.ts';
import { isDictionary, textAt } from './core-foundation/dictionary.ts';
import { withScope } from './core-foundation/scope.ts';
import { readCfValue } from './core-foundation/value.ts';
import type { CfDictionary } from './core-foundation/value.ts';
import { mapServices } from './io-registry/services.ts';
import { ask, openReader } from './reader.ts';

/** What IOPSGetProvidingPowerSourceType says. */
const SOURCES: Readonly<Record<string, PowerSource>> = { 'AC Power': 'ac', 'Battery Power': 'battery', 'UPS Power': 'battery' };

interface Sources {
  /** What feeds the machine. */
  readonly providing: PowerSource;
  readonly list: readonly CfDictionary[];
}

/** What the power sources say, from one look at them. */
function readSources(darwin: Darwin): Sources {
  const { iokit } = darwin;
  return withScope(darwin, (scope) => {
    const information = iokit.IOPSCopyPowerSourcesInfo(scope);
    if (information === 0n) return { providing: 'unknown', list: [] };
    const providing = readCfValue(darwin, iokit.IOPSGetProvidingPowerSourceType(information));
    const list = iokit.IOPSCopyPowerSourcesList(scope, information);
    const { CFArrayGetCount: count, CFArrayGetValueAtIndex: at } = darwin.coreFoundation;
    const described = Array.from({ length: list === 0n ? 0 : count(list) }, (_, index) =>
      readCfValue(darwin, iokit.IOPSGetPowerSourceDescription(information, at(list, index))),
    );
    return {
      providing: (typeof providing === 'string' && SOURCES[providing]) || 'unknown',
      list: described.filter((one) => isDictionary(one)),
    };
  });
}

function readPower(darwin: Darwin, gaps: GapSink): PowerReading {
  const supplies: PowerSupply[] = [];
  const batteries = ask(gaps, 'power.supplies', () => mapServices(darwin, 'AppleSmartBattery', (entry) => entry.properties())) ?? [];
  for (const [index, battery] of batteries.entries()) {
    supplies.push(batteryOf(battery, index === 0 ? 'battery' : `battery${index}`));
    const adapter = index === 0 ? adapterOf(battery) : null;
    if (adapter) supplies.push(adapter);
  }
  const sources = ask(gaps, 'power.source', () => readSources(darwin));
  for (const [index, source] of (sources?.list ?? []).entries())
    if (textAt(source, 'Type') === 'UPS') supplies.push(upsOf(source, textAt(source, 'Name') ?? `ups${index}`));
  const summary = summarizePower(supplies);
  // A Mac without a battery has no supply that could tell.
  return { ...summary, source: sources && sources.providing !== 'unknown' ? sources.providing : summary.source, supplies };
}

/** Batteries, the adapter, and what the machine runs on. */
export const power: Collector<'power', PowerReading> = {
  name: 'power',
  lane: 'slow',
  asynchronous: true,
  sources: ['AppleSmartBattery of the I/O registry', 'IOPSCopyPowerSourcesInfo'],
  remedy: 'Nothing is known to help; tell us with the output of hecate doctor.',
  groups: powerGroups,
  open(machine) {
    const reader = openReader(machine, (darwin) => (gaps) => readPower(darwin, gaps));
    return { ...reader, read: async (gaps) => reader.read(gaps) };
  },
};
