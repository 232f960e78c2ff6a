import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { energyKindOf, energyRates, processPower } from './energy.ts';
import type { EnergyReading, EnergyZone } from './energy.ts';

const zone = (id: string, name: string, energy: number | null, maxEnergy: number | null = 262_143): EnergyZone => ({
  zone: id,
  name,
  kind: energyKindOf(name),
  parent: null,
  index: 0,
  path: `/sys/class/powercap/${id}`,
  energy,
  maxEnergy,
  enabled: true,
  constraints: [],
});
const reading = (...zones: EnergyZone[]): EnergyReading => ({ zones });
const watts = (before: EnergyZone, after: EnergyZone, elapsed = 1): number | null =>
  energyRates(reading(before), reading(after), elapsed)!.zones[0]!.power;

describe('watts', () => {
  test('joules per second, over the end of the counter too', () => {
    expect(watts(zone('a', 'core', 100), zone('a', 'core', 150), 2)).toBe(25);
    expect(watts(zone('a', 'core', 262_140), zone('a', 'core', 7))).toBe(10);
  });

  test('a counter that was set anew, an unknown one, another zone of that id', () => {
    expect(watts(zone('a', 'core', 200_000), zone('a', 'core', 10))).toBeNull();
    expect(watts(zone('a', 'core', 200, null), zone('a', 'core', 10, null))).toBeNull();
    expect(watts(zone('a', 'core', null), zone('a', 'core', 10))).toBeNull();
    expect(watts(zone('a', 'core', 10), zone('a', 'dram', 20))).toBeNull();
    expect(energyRates(reading(), reading(), 1)).toBeNull();
    expect(energyRates(reading(zone('a', 'core', 1)), reading(zone('a', 'core', 1)), 0)).toBeNull();
  });

  test('the total is of packages, each once: not of what they hold, nor of the platform that holds them', () => {
    const all = (joules: number): EnergyReading =>
      reading(
        zone('intel-rapl:0', 'package-0', joules),
        zone('intel-rapl:0:0', 'core', joules),
        zone('intel-rapl:1', 'package-1', 2 * joules),
        zone('intel-rapl:2', 'psys', 9 * joules),
        zone('intel-rapl-mmio:0', 'package-0', joules),
      );
    expect(energyRates(all(0), all(10), 1)!.packagePower).toBe(30);
    const mmioOnly = (joules: number): EnergyReading => reading(zone('intel-rapl-mmio:0', 'package-0', joules));
    expect(energyRates(mmioOnly(0), mmioOnly(10), 1)!.packagePower).toBe(10);
    const half = reading(zone('intel-rapl:0', 'package-0', 5), zone('intel-rapl:1', 'package-1', null));
    expect(energyRates(half, half, 1)!.packagePower).toBeNull();
    expect(energyRates(reading(zone('a', 'psys', 1)), reading(zone('a', 'psys', 2)), 1)!.packagePower).toBeNull();
  });
});

describe('watts of processes', () => {
  test('what is above idle, by CPU time', () => {
    expect(processPower(50, 2, [1, 0.5, 0, null], 10)).toEqual([20, 10, 0, null]);
    expect(processPower(50, 0, [0, 0], 10)).toEqual([0, 0]);
    expect(processPower(5, 2, [1], 10)).toEqual([0]);
  });

  test('null without a package power', () => {
    expect(processPower(null, 2, [1, 0.5])).toEqual([null, null]);
  });

  test('never gives away more than there is', () => {
    const share = fc.option(fc.double({ min: 0, max: 64, noNaN: true }));
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 500, noNaN: true }),
        fc.double({ min: 0, max: 64, noNaN: true }),
        fc.array(share),
        (power, busy, cpu) => {
          const sum = processPower(power, busy, cpu).reduce((total: number, part) => total + (part ?? 0), 0);
          return sum <= power + 1e-9 && sum >= 0;
        },
      ),
    );
  });
});
