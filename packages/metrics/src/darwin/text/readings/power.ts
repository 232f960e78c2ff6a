import { describeSupply, summarizePower } from '../../../domain/power.ts';
import type { PowerReading, PowerSupply } from '../../../domain/power.ts';
import { suppliesOf } from '../../battery/supplies.ts';
import type { CfDictionary } from '../../core-foundation/value.ts';
import type { PmsetPower, PmsetSupply } from '../pmset.ts';

const STATES: Readonly<Record<string, string>> = {
  charging: 'Charging',
  'finishing charge': 'Charging',
  charged: 'Full',
  discharging: 'Discharging',
  'not charging': 'Not charging',
};

function supplyOf(supply: PmsetSupply): PowerSupply {
  const { name, charge, state, attached, remaining, present } = supply;
  const status = STATES[state ?? ''] ?? (attached ? 'Not charging' : null);
  return describeSupply(name, {
    numbers: {
      ...(charge === null ? {} : { capacity: charge * 100 }),
      ...(present === null ? {} : { present: Number(present) }),
      ...(remaining === null ? {} : { time_to_empty_now: remaining, time_to_full_now: remaining }),
    },
    words: { type: name.startsWith('InternalBattery') ? 'Battery' : 'UPS', ...(status === null ? {} : { status }) },
  });
}

/**
 * Power from `pmset -g batt`. Fills `source`, and of each supply `type`, `present`, `status`, `charge`, `timeToEmpty` or `timeToFull`;
 * of the whole `batteries`, `charge` and the times. Null stays all that is measured: energy, power, volts, cycles, health, temperature.
 */
export function powerFromPmset({ source, supplies }: PmsetPower): PowerReading {
  const described = supplies.map(supplyOf);
  const summary = summarizePower(described);
  return { ...summary, source: source === 'unknown' ? summary.source : source, supplies: described };
}

/** Currents, which ioreg may print as what they are modulo 2^64. */
const SIGNED = ['Amperage', 'InstantAmperage'];

function withSigns(entry: CfDictionary): CfDictionary {
  const signed = SIGNED.flatMap((key) => {
    const value = entry[key];
    return typeof value === 'bigint' ? [[key, Number(BigInt.asIntN(64, value))] as const] : [];
  });
  return signed.length === 0 ? entry : { ...entry, ...Object.fromEntries(signed) };
}

/**
 * Power from `ioreg -a -l -r -c AppleSmartBattery`, and the source from pmset where that answered. Fills what the native tier does for
 * batteries and the adapter: charge, energy, health, cycles, power, volts, amperes, times, temperature, names. A UPS is not in there.
 */
export function powerFromIoreg(batteries: readonly CfDictionary[], pmset: PmsetPower | null): PowerReading {
  const supplies = suppliesOf(batteries.map(withSigns), () => null);
  const summary = summarizePower(supplies);
  return { ...summary, source: pmset && pmset.source !== 'unknown' ? pmset.source : summary.source, supplies };
}
