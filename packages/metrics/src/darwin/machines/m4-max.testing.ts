import { chipOf, energyOf, workedFor } from '../fake/chip.testing.ts';
import { batteryOf } from '../fake/devices.testing.ts';
import { appleGpuOf } from '../fake/gpu.testing.ts';
import { merge } from '../fake/machine.testing.ts';
import type { FakeMachine } from '../fake/machine.testing.ts';
import { smcOf, smcValues } from '../fake/smc.testing.ts';
import { memoryOf, systemOf } from '../fake/system.testing.ts';
import { joinedWlan } from '../fake/wifi.testing.ts';
import { M4_MAX } from './chips.testing.ts';
import { everydayOf, laptopSources, linkOf, pagesOf } from './everyday.testing.ts';

const GIB = 2 ** 30;
const BOOTED = 1_789_600_000;

/** What does not move. */
const STILL: FakeMachine = merge(
  memoryOf({ pages: pagesOf(50_000), swap: [0, 0, 0], pressure: 1 }, 'arm64'),
  smcOf({
    keys: {
      ...smcValues('flt ', { F0Ac: 4100.5, F0Mn: 2500, F0Mx: 8500, F0Tg: 4100, F1Ac: 4203, F1Mn: 2500, F1Mx: 8500, F1Tg: 4200 }),
      ...smcValues('ui8 ', { F0Md: 3, F1Md: 3, FNum: 2, Ftst: 0 }),
      ...smcValues('flt ', { PDTR: 92.5, PPBR: 0.125, PSTR: 78.75, TB0T: 34.5, TB1T: 34.25 }),
      ...smcValues('flt ', { TCMb: 82, TCMz: 97.5, TH0a: 41.5, TH0b: 41.25, TaLP: 44, TaRF: 45.5, Te05: 70.25, Tf14: 78, Tp01: 88 }),
      ...smcValues('flt ', { Tg04: 62.5, Tg05: 66.75, Tg0K: 62.25, Tg0L: 61 }),
    },
    unlock: { tries: 2, refuses: 0x82 },
    services: ['AppleSMCKeysEndpoint'],
  }),
  batteryOf({
    ...{ BatteryInstalled: true, ExternalConnected: true, IsCharging: false, FullyCharged: true, CycleCount: 12 },
    ...{ CurrentCapacity: 100, MaxCapacity: 100, DesignCapacity: 6249, AppleRawCurrentCapacity: 6200, AppleRawMaxCapacity: 6249 },
    ...{ Voltage: 12_900, Amperage: 0, Temperature: 3450, TimeRemaining: 0, AvgTimeToEmpty: 65_535, AvgTimeToFull: 65_535 },
    ...{ DeviceName: 'bq40z651', Serial: 'F8Y000000000000001' },
    AdapterDetails: { AdapterVoltage: 20_000, Name: '96W USB-C Power Adapter', Manufacturer: 'Apple Inc.' },
  }),
  { trees: { IOPSCopyExternalPowerAdapterDetails: { Watts: 96, Current: 4700 } } },
);

const machineAt = (seconds: 0 | 2): FakeMachine =>
  merge(
    systemOf({
      ...{ release: '24.5.0', product: '15.5', build: '24F74', model: 'Mac16,6', brand: 'Apple M4 Max', machine: 'arm64' },
      ...{ memory: 64 * GIB, cores: 16, threads: 16, booted: BOOTED, load: [4, 3, 2] },
      levels: [
        { name: 'Performance', cores: 12, sharedBy: 6, kilobytes: [192, 128, 16 * 1024] },
        { name: 'Efficiency', cores: 4, sharedBy: 4, kilobytes: [128, 64, 4 * 1024] },
      ],
      ticks: Array.from({ length: 16 }, (_, cpu) => [900 + cpu + 70 * seconds, 300 + 5 * seconds, 70_000 + 25 * seconds, 0] as const),
    }),
    STILL,
    chipOf(M4_MAX, 'kHz', {
      gpu: [338, 618, 796, 924, 1056, 1182, 1314, 1398, 1470, 1578],
      energy: energyOf({ cpu: 7000 + 30 * seconds, gpu: 2500 + 5 * seconds, ane: 10 + seconds, dram: 1200 + 2 * seconds }),
    }),
    ...(seconds === 0
      ? []
      : [
          workedFor(M4_MAX, [
            [1, 0.5, 0.5],
            [0, 0, 2],
            [1.5, 0, 0.5],
          ]),
        ]),
    appleGpuOf(
      'AGXAcceleratorG16X',
      'Apple M4 Max',
      40,
      seconds === 0 ? [800, 10, 2, 0, 0, 0, 0, 0, 1, 0, 5] : [800.5, 10.5, 2, 0, 0, 0, 0, 0, 1, 0, 6],
      1_000_000_000 + 300_000_000 * seconds,
    ),
    everydayOf({
      booted: BOOTED,
      interfaces: [linkOf('en0', 14, 'wifi', { bytes: [7e10 + 5e6 * seconds, 3e9], packets: [6e7, 1e7] })],
      leads: 14,
      wlan: [joinedWlan],
      read: [4e12 + 3e8 * seconds, 8e7 + 1500 * seconds, 3000 + 0.15 * seconds],
      written: [3e12 + 1e8 * seconds, 4e7 + 500 * seconds, 1000 + 0.01 * seconds],
      container: [244_000_000, 12_000_000],
      pressure: 1,
      sources: laptopSources('AC Power', 100),
      work: { pid: 1200, name: 'clang', cpu: [500 + 10 * seconds, 60 + 2 * seconds], footprint: 4_000_000_000, joules: 900 + 24 * seconds },
    }),
    { time: BOOTED + 5000 },
  );

/**
 * A MacBook Pro of 2024 (14 inches, Apple M4 Max with 16 cores and a GPU of 40, 64 GB) with macOS 15.5, at work and on its adapter. Its
 * tables of the CPUs count in kilohertz, and its firmware lets go of the fans only after `Ftst`. Published: cores and caches, the highest
 * steps, the limits and the modes of the fans, which keys its controller has, the charge that its battery is made for. Made up: what
 * changes while a machine runs. Nobody recorded it.
 */
export const m4Max: FakeMachine = machineAt(0);

/** The same two seconds later. */
export const m4MaxLater: FakeMachine = machineAt(2);
