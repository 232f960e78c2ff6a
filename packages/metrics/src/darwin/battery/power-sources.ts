import type { PowerSource } from '../../domain/power.ts';
import type { Darwin } from '../binding/darwin.ts';
import { mapArray } from '../core-foundation/array.ts';
import { isDictionary } from '../core-foundation/dictionary.ts';
import { withScope } from '../core-foundation/scope.ts';
import { readCfValue } from '../core-foundation/value.ts';
import type { CfDictionary } from '../core-foundation/value.ts';

/** What IOPSGetProvidingPowerSourceType says. */
const SOURCES: Readonly<Record<string, PowerSource>> = { 'AC Power': 'ac', 'Battery Power': 'battery', 'UPS Power': 'battery' };

/** The power sources of a machine at one moment. */
export interface PowerSources {
  /** What feeds the machine. */
  readonly providing: PowerSource;
  /** What each of them says (IOKit/ps/IOPSKeys.h). */
  readonly list: readonly CfDictionary[];
}

/** What the power sources say, from one look at them. */
export function readPowerSources(darwin: Darwin): PowerSources {
  const { iokit } = darwin;
  return withScope(darwin, (scope) => {
    const information = iokit.IOPSCopyPowerSourcesInfo(scope);
    if (information === 0n) return { providing: 'unknown', list: [] };
    const providing = readCfValue(darwin, iokit.IOPSGetProvidingPowerSourceType(information));
    const list = iokit.IOPSCopyPowerSourcesList(scope, information);
    const described = mapArray(darwin, list, (source) => readCfValue(darwin, iokit.IOPSGetPowerSourceDescription(information, source)));
    return {
      providing: (typeof providing === 'string' && SOURCES[providing]) || 'unknown',
      list: described.filter((one) => isDictionary(one)),
    };
  });
}

/** What is known of the power adapter (`Watts` and others, IOKit/ps/IOPSKeys.h); null without one, or when nothing is known. */
export function readAdapter(darwin: Darwin): CfDictionary | null {
  const details = withScope(darwin, (scope) => readCfValue(darwin, darwin.iokit.IOPSCopyExternalPowerAdapterDetails(scope)));
  return isDictionary(details) ? details : null;
}
