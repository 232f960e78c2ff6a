import { chipOf, energyOf, workedFor } from '../fake/chip.testing.ts';
import { batteryOf } from '../fake/devices.testing.ts';
import { appleGpuOf } from '../fake/gpu.testing.ts';
import { merge } from '../fake/machine.testing.ts';
import type { FakeMachine } from '../fake/machine.testing.ts';
import { smcOf, smcValues } from '../fake/smc.testing.ts';
import { memoryOf, systemOf } from '../fake/system.testing.ts';
import { joinedWlan } from '../fake/wifi.testing.ts';
import { M5_MAX } from './chips.testing.ts';
import { everydayOf, laptopSources, linkOf, pagesOf } from './everyday.testing.ts';

const GIB = 2 ** 30;
const BOOTED = 1_789_700_000;
/** Off, then fifteen states for thirteen steps of its table: the last two are never used. */
const GPU_SECONDS = [700, 10, 2, 0, 0, 0, 0, 0, 1, 0, 5, 0, 0, 3, 0, 0] as const;

/** What does not move. */
const STILL: FakeMachine = merge(
  memoryOf({ pages: pagesOf(39_000), swap: [0, 0, 0], pressure: 1, isLonger: true }, 'arm64'),
  smcOf({
    keys: {
      ...smcValues('flt ', { F0Ac: 5003, F0Mn: 2317, F0Mx: 7826, F0Tg: 5000, F1Ac: 2319.5, F1Mn: 2317, F1Mx: 7826, F1Tg: 2317 }),
      ...smcValues('ui8 ', { F0md: 1, F1md: 0, FNum: 2 }),
      ...smcValues('flt ', { PDTR: 40.5, PPBR: 0, PSTR: 38.25, TB0T: 24.625, TB1T: 24.625, TB2T: 24.375 }),
      ...smcValues('flt ', { TCMb: 36.625, TH0a: 24.75, TH0b: 24.75, TW0P: 27.4375, TaLP: 26.75, TaRF: 27.9375, Tf04: 27.75, Tp00: 27.25 }),
      ...smcValues('flt ', { Tg08: 27.375, Tg0C: 27.375, Tg0O: 27.375, Tg0R: 27.4375, TfCC: 0 }),
    },
    services: ['AppleSMCKeysEndpoint'],
  }),
  batteryOf({
    ...{ BatteryInstalled: true, ExternalConnected: true, IsCharging: false, FullyCharged: false, CycleCount: 3 },
    ...{ CurrentCapacity: 80, MaxCapacity: 100, DesignCapacity: 8579, AppleRawCurrentCapacity: 6880, AppleRawMaxCapacity: 8600 },
    ...{ Voltage: 12_250, Amperage: 0, Temperature: 2462, TimeRemaining: 65_535, AvgTimeToEmpty: 65_535, AvgTimeToFull: 65_535 },
    ...{ DeviceName: 'bq40z651', Serial: 'F8Y000000000000002' },
    AdapterDetails: { Watts: 140, AdapterVoltage: 28_000, Name: '140W USB-C Power Adapter', Manufacturer: 'Apple Inc.' },
  }),
);

const machineAt = (seconds: 0 | 2): FakeMachine =>
  merge(
    systemOf({
      ...{ release: '25.4.0', product: '26.4', build: '25E200', model: 'Mac17,7', brand: 'Apple M5 Max', machine: 'arm64' },
      ...{ memory: 48 * GIB, cores: 18, threads: 18, booted: BOOTED, load: [3, 3, 3] },
      levels: [
        { name: 'Super', cores: 6, sharedBy: 6, kilobytes: [192, 128, 16 * 1024] },
        { name: 'Performance', cores: 12, sharedBy: 6, kilobytes: [128, 64, 8 * 1024] },
      ],
      ticks: Array.from({ length: 18 }, (_, cpu) => [600 + cpu + 40 * seconds, 200 + 10 * seconds, 60_000 + 50 * seconds, 0] as const),
    }),
    STILL,
    chipOf(M5_MAX, 'kHz', {
      named: true,
      gpu: [338, 445, 552, 658, 765, 872, 979, 1086, 1193, 1300, 1406, 1513, 1620],
      // Its neural engine has not been used since boot, and its counter says 0.
      energy: energyOf({ cpu: 6000 + 20 * seconds, gpu: 3000 + 4 * seconds, ane: 0, dram: 1100 + seconds }),
    }),
    ...(seconds === 0
      ? []
      : [
          workedFor(M5_MAX, [
            [1, 1, 0],
            [2, 0, 0],
            [0.5, 0, 1.5],
          ]),
        ]),
    appleGpuOf(
      'AGXAcceleratorG17X',
      'Apple M5 Max',
      40,
      GPU_SECONDS.map((time, state) => time + (state === 0 ? 0.5 * seconds : state === 13 ? 0.5 * seconds : 0)),
    ),
    everydayOf({
      booted: BOOTED,
      interfaces: [linkOf('en0', 15, 'wifi', { bytes: [2e10, 1e9], packets: [2e7, 1e7] })],
      leads: 15,
      wlan: [{ ...joinedWlan, activePHYMode: 7 }],
      read: [1e12, 2e7, 500],
      written: [5e11, 1e7, 250],
      container: [488_000_000, 400_000_000],
      pressure: 0,
      sources: laptopSources('AC Power', 80),
      work: { pid: 800, name: 'node', cpu: [90 + seconds, 10], footprint: 800_000_000, joules: 200 + 6 * seconds },
    }),
    { time: BOOTED + 7000 },
  );

/**
 * A MacBook Pro of 2026 (Apple M5 Max with 18 cores and a GPU of 40, 48 GB) with macOS 26.4, whose battery is held at 80 % and one of
 * whose fans somebody has set. No efficiency cores, but super and performance ones, whose tables have other numbers than on chips before
 * it; the mode of its fans is called `F0md`, it has no `Ftst`, and its controller an average of the CPU but no maximum. Published: cores,
 * tables and what they are of, the limits of the fans and their keys, the keys of temperatures with values like these. Made up: caches, the
 * battery, and what changes while a machine runs. Nobody recorded it.
 */
export const m5Max: FakeMachine = machineAt(0);

/** The same two seconds later. */
export const m5MaxLater: FakeMachine = machineAt(2);
