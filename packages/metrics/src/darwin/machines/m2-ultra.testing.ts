import { chipOf, workedFor } from '../fake/chip.testing.ts';
import { appleGpuOf } from '../fake/gpu.testing.ts';
import { energyChannel, ioReportOf } from '../fake/io-report.testing.ts';
import type { FakeChannel } from '../fake/io-report.testing.ts';
import { merge } from '../fake/machine.testing.ts';
import type { FakeMachine } from '../fake/machine.testing.ts';
import { smcOf, smcValues } from '../fake/smc.testing.ts';
import { memoryOf, systemOf } from '../fake/system.testing.ts';
import { idleWlan } from '../fake/wifi.testing.ts';
import { M2_ULTRA } from './chips.testing.ts';
import { everydayOf, linkOf, pagesOf } from './everyday.testing.ts';

const GIB = 2 ** 30;
const BOOTED = 1_789_000_000;

/** Energy of each die, and the one counter of the GPU. Joules since `m2Ultra`. */
const energyAfter = (first: number, second: number, gpu: number, memory: number): FakeChannel[] => [
  energyChannel('DIE_0_CPU Energy', 40_000_000 + first * 1000),
  energyChannel('DIE_1_CPU Energy', 30_000_000 + second * 1000),
  ...[0, 1].flatMap((die) => ['ECPU', 'PCPU', 'PCPU1'].map((name) => energyChannel(`DIE_${die}_${name}`, 10_000_000))),
  energyChannel('ANE0_0', 1000),
  energyChannel('ANE0_1', 3000),
  energyChannel('DRAM0_0', 500_000 + memory * 500),
  energyChannel('DRAM0_1', 600_000 + memory * 500),
  energyChannel('EACC_CPU0', 1000),
  energyChannel('GPU SRAM0', 0),
  energyChannel('GPU Energy', 9_000_000_000_000 + gpu * 1e9, 'nJ'),
];

/** What does not move. */
const STILL: FakeMachine = merge(
  memoryOf({ pages: pagesOf(50_000), swap: [0, 0, 0], pressure: 1 }, 'arm64'),
  smcOf({
    keys: {
      ...smcValues('flt ', { F0Ac: 1331, F0Mn: 1000, F0Mx: 3500, F0Tg: 1330, F1Ac: 1326.5, F1Mn: 1000, F1Mx: 3500, F1Tg: 1330 }),
      ...smcValues('ui8 ', { F0Md: 3, F1Md: 3, FNum: 2 }),
      ...smcValues('flt ', { PSTR: 96.25, TCMb: 47.25, TCMz: 58.5, TH0a: 38.5, TH0b: 37.75, TaRL: 32.5, TaRR: 38 }),
      // The sensors of a GPU that is partly switched off.
      ...smcValues('flt ', { Tg04: 34.25, Tg05: 42, Tg0C: -4, Tg0D: 2.25, Tg0K: 32.25, Tg0L: 40 }),
    },
    services: ['AppleSMCKeysEndpoint'],
  }),
);

const machineAt = (seconds: 0 | 2): FakeMachine =>
  merge(
    systemOf({
      ...{ release: '23.4.0', product: '14.4', build: '23E214', model: 'Mac14,14', brand: 'Apple M2 Ultra', machine: 'arm64' },
      ...{ memory: 64 * GIB, cores: 24, threads: 24, booted: BOOTED, load: [8, 7, 6] },
      levels: [
        { name: 'Performance', cores: 16, sharedBy: 4, kilobytes: [192, 128, 16 * 1024] },
        { name: 'Efficiency', cores: 8, sharedBy: 4, kilobytes: [128, 64, 4 * 1024] },
      ],
      ticks: Array.from({ length: 24 }, (_, cpu) => [3000 + cpu + 25 * seconds, 500, 90_000 + 75 * seconds, 0] as const),
    }),
    STILL,
    chipOf(M2_ULTRA, 'Hz', {
      gpu: [444, 612, 808, 968, 1110, 1236, 1338, 1398],
      energy: seconds === 0 ? energyAfter(0, 0, 0, 0) : energyAfter(60, 20, 40, 14),
    }),
    ...(seconds === 0
      ? []
      : [
          // On the second die everything sleeps but its efficiency cores.
          workedFor(M2_ULTRA, [
            [2, 0, 0],
            [0, 1, 1],
            [1, 0, 1],
            [1.5, 0.5, 0],
            [2, 0, 0],
            [2, 0, 0],
          ]),
          ioReportOf(...energyAfter(60, 20, 40, 14)),
        ]),
    appleGpuOf(
      'AGXAcceleratorG14X',
      'Apple M2 Ultra',
      76,
      seconds === 0 ? [500, 3, 0, 0, 2, 0, 1, 0, 4] : [501, 3.5, 0, 0, 2, 0, 1, 0, 4.5],
      1_000_000_000 + 400_000_000 * seconds,
    ),
    everydayOf({
      booted: BOOTED,
      interfaces: [
        linkOf('en0', 4, 'gigabit', { bytes: [5e12 + 2e8 * seconds, 1e12], packets: [4e9, 2e9] }),
        linkOf('en1', 5, 'wifi', null),
      ],
      leads: 4,
      wlan: [idleWlan],
      read: [8e12 + 1e9 * seconds, 9e7 + 4000 * seconds, 4000 + 0.25 * seconds],
      written: [6e12, 5e7, 2500],
      container: [244_000_000, 61_000_000],
      pressure: 0,
      sources: [],
      work: { pid: 700, name: 'render', cpu: [300 + 6 * seconds, 20], footprint: 12_000_000_000, joules: 5000 + 30 * seconds },
      asRoot: true,
    }),
    { time: BOOTED + 1000 },
  );

/**
 * A Mac Studio of 2023 (Apple M2 Ultra with a GPU of 76 cores, 64 GB) with macOS 14.4, read by root: two dies, no battery, two fans that
 * the system lets turn, wired. Published: cores and caches, the limits of the fans and their mode, which keys its controller has (and that
 * sensors of parts that are switched off say -4 or 2). Made up: what changes while a machine runs. Nobody recorded it.
 */
export const m2Ultra: FakeMachine = machineAt(0);

/** The same two seconds later. */
export const m2UltraLater: FakeMachine = machineAt(2);
