import { chipOf, energyOf, workedFor } from '../fake/chip.testing.ts';
import { batteryOf } from '../fake/devices.testing.ts';
import { appleGpuOf } from '../fake/gpu.testing.ts';
import { merge } from '../fake/machine.testing.ts';
import type { FakeMachine } from '../fake/machine.testing.ts';
import { smcOf, smcValues } from '../fake/smc.testing.ts';
import { memoryOf, systemOf } from '../fake/system.testing.ts';
import { joinedWlan } from '../fake/wifi.testing.ts';
import { M3_PRO } from './chips.testing.ts';
import { everydayOf, laptopSources, linkOf, pagesOf } from './everyday.testing.ts';

const GIB = 2 ** 30;
const BOOTED = 1_789_500_000;

/** What does not move. */
const STILL: FakeMachine = merge(
  memoryOf({ pages: pagesOf(14_000), swap: [0, 0, 0], pressure: 1 }, 'arm64'),
  smcOf({
    keys: {
      // Fans that stand still, which is measured: 0 and not unknown.
      ...smcValues('flt ', { F0Ac: 0, F0Mn: 2317, F0Mx: 6898, F0Tg: 0, F1Ac: 0, F1Mn: 2502, F1Mx: 7450, F1Tg: 0 }),
      ...smcValues('ui8 ', { F0Md: 0, F1Md: 0, FNum: 2, Ftst: 0 }),
      ...smcValues('flt ', { PDTR: 0, PPBR: 17.125, PSTR: 14.5 }),
      ...smcValues('flt ', { TB0T: 23.25, TB1T: 23.25, TB2T: 23, TCMb: 48.375, TCMz: 69.71875, TH0a: 23.75, TH0x: 23.75, TW0P: 28 }),
      ...smcValues('flt ', { TaLP: 26.625, TaRF: 25.25, Te04: 35.9375, Te05: 41.75, Tf10: 0.0175, Tf12: -15.765625, Tf14: 35.5 }),
      ...smcValues('flt ', { Tg00: 31, Tg01: 35.8125, Tg04: 32, Tg05: 38.15625, Tp04: 36.375, Tp05: 42.484375 }),
    },
    services: ['AppleSMCKeysEndpoint'],
  }),
  batteryOf({
    ...{ BatteryInstalled: true, ExternalConnected: false, IsCharging: false, FullyCharged: false, CycleCount: 64 },
    ...{ CurrentCapacity: 50, MaxCapacity: 100, DesignCapacity: 6249, AppleRawCurrentCapacity: 3000, AppleRawMaxCapacity: 6000 },
    ...{ Voltage: 11_500, Amperage: -1500, Temperature: 2325, TimeRemaining: 120, AvgTimeToEmpty: 120, AvgTimeToFull: 65_535 },
    ...{ DeviceName: 'bq40z651', Serial: 'F8Y000000000000000', AdapterDetails: { FamilyCode: 0 } },
  }),
);

const machineAt = (seconds: 0 | 2): FakeMachine =>
  merge(
    systemOf({
      ...{ release: '24.1.0', product: '15.1', build: '24B83', model: 'Mac15,6', brand: 'Apple M3 Pro', machine: 'arm64' },
      ...{ memory: 18 * GIB, cores: 12, threads: 12, booted: BOOTED, load: [2, 2, 2] },
      levels: [
        { name: 'Performance', cores: 6, sharedBy: 6, kilobytes: [192, 128, 16 * 1024] },
        { name: 'Efficiency', cores: 6, sharedBy: 6, kilobytes: [128, 64, 4 * 1024] },
      ],
      ticks: Array.from({ length: 12 }, (_, cpu) => [700 + cpu + 10 * seconds, 400 + 5 * seconds, 80_000 + 85 * seconds, 0] as const),
    }),
    STILL,
    chipOf(M3_PRO, 'Hz', {
      gpu: [338, 618, 796, 924, 1056, 1152, 1278, 1380],
      energy: energyOf({ cpu: 5000 + 1.5 * seconds, gpu: 800 + 0.25 * seconds, ane: 3, dram: 900 + 0.5 * seconds }),
    }),
    ...(seconds === 0
      ? []
      : [
          workedFor(M3_PRO, [
            [1, 1, 0],
            [2, 0, 0],
          ]),
        ]),
    appleGpuOf(
      'AGXAcceleratorG15X',
      'Apple M3 Pro',
      18,
      seconds === 0 ? [900, 10, 2, 0, 0, 0, 0, 0, 1] : [901.5, 10.5, 2, 0, 0, 0, 0, 0, 1],
    ),
    everydayOf({
      booted: BOOTED,
      interfaces: [linkOf('en0', 12, 'wifi', { bytes: [9e9 + 1e5 * seconds, 1e9 + 2e4 * seconds], packets: [8e6 + 90 * seconds, 2e6] })],
      leads: 12,
      wlan: [joinedWlan],
      read: [2e11, 1e7, 900],
      written: [1e11 + 65_536 * seconds, 6e6 + 2 * seconds, 400 + 0.001 * seconds],
      container: [120_000_000, 90_000_000],
      pressure: 0,
      sources: laptopSources('Battery Power', 50),
      work: { pid: 900, name: 'mail', cpu: [40 + 0.125 * seconds, 8], footprint: 300_000_000, joules: 100 + 0.5 * seconds },
    }),
    { time: BOOTED + 3000 },
  );

/**
 * A MacBook Pro of 2023 (14 inches, Apple M3 Pro with 12 cores and a GPU of 18, 18 GB) with macOS 15.1, on its battery, doing little, its
 * fans standing still. Its tables of frequencies count in hertz. Published: cores and caches, the charge that its battery is made for, the
 * keys of its controller with values like these, the limits of the fans (of the model with M3 Max). Made up: what changes while a machine
 * runs. Nobody recorded it.
 */
export const m3Pro: FakeMachine = machineAt(0);

/** The same two seconds later. */
export const m3ProLater: FakeMachine = machineAt(2);
