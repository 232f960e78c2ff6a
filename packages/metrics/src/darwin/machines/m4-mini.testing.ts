import { chipOf, energyOf, workedFor } from '../fake/chip.testing.ts';
import { appleGpuOf } from '../fake/gpu.testing.ts';
import { merge } from '../fake/machine.testing.ts';
import type { FakeMachine } from '../fake/machine.testing.ts';
import { smcOf, smcValues } from '../fake/smc.testing.ts';
import { memoryOf, systemOf } from '../fake/system.testing.ts';
import { idleWlan } from '../fake/wifi.testing.ts';
import { M4 } from './chips.testing.ts';
import { everydayOf, linkOf, pagesOf } from './everyday.testing.ts';

const GIB = 2 ** 30;
const BOOTED = 1_789_800_000;

/** What does not move. */
const STILL: FakeMachine = merge(
  memoryOf(
    {
      pages: { ...pagesOf(12_000), free_count: 40_000, swapins: 9000, swapouts: 21_000 },
      swap: [GIB, 0.75 * GIB, 0.25 * GIB],
      pressure: 4,
    },
    'arm64',
  ),
  smcOf({
    keys: {
      ...smcValues('flt ', { F0Ac: 1002.5, F0Mn: 1000, F0Mx: 4900, F0Tg: 1000 }),
      ...smcValues('ui8 ', { F0Md: 0, FNum: 1, Ftst: 0 }),
      ...smcValues('flt ', { PDTR: 9.5, PSTR: 7.25, TCMb: 38.84375, TCMz: 55.828125, TH0A: 21.3125, TH0x: 21.3125, TW0P: 22.125 }),
      ...smcValues('flt ', { Te04: 25.9375, Te05: 33.15625, Tg0C: 25.25, Tg0D: 30.5625, Tg0G: 25.0625, Tg0H: 30.375, Tp01: 36.15625 }),
    },
    services: ['AppleSMCKeysEndpoint'],
  }),
);

const machineAt = (seconds: 0 | 2): FakeMachine =>
  merge(
    systemOf({
      ...{ release: '24.6.0', product: '15.7', build: '24G222', model: 'Mac16,10', brand: 'Apple M4', machine: 'arm64' },
      ...{ memory: 16 * GIB, cores: 10, threads: 10, booted: BOOTED, load: [0.5, 0.25, 0.125] },
      levels: [
        { name: 'Performance', cores: 4, sharedBy: 4, kilobytes: [192, 128, 16 * 1024] },
        { name: 'Efficiency', cores: 6, sharedBy: 6, kilobytes: [128, 64, 4 * 1024] },
      ],
      ticks: Array.from({ length: 10 }, (_, cpu) => [100 + cpu, 50 + 5 * seconds, 300_000 + 95 * seconds, 0] as const),
    }),
    STILL,
    chipOf(M4, 'kHz', {
      gpu: [338, 618, 796, 924, 1056, 1182, 1314, 1398, 1470],
      energy: energyOf({ cpu: 3000 + 0.5 * seconds, gpu: 400, ane: 20, dram: 500 + 0.25 * seconds }),
    }),
    ...(seconds === 0
      ? []
      : [
          workedFor(M4, [
            [1.75, 0.25, 0],
            [2, 0, 0],
          ]),
        ]),
    appleGpuOf('AGXAcceleratorG16G', 'Apple M4', 10, seconds === 0 ? [6000, 5, 0, 0, 0, 0, 0, 0, 0, 1] : [6002, 5, 0, 0, 0, 0, 0, 0, 0, 1]),
    everydayOf({
      booted: BOOTED,
      interfaces: [
        linkOf('en0', 8, 'gigabit', { bytes: [6e10 + 1000 * seconds, 5e9], packets: [5e7, 1e7] }),
        linkOf('en1', 9, 'wifi', null),
      ],
      leads: 8,
      wlan: [idleWlan],
      read: [3e11, 9e6, 700],
      written: [2e11, 5e6, 300],
      container: [59_000_000, 5_900_000],
      pressure: 0,
      sources: [],
      work: { pid: 620, name: 'backup', cpu: [12, 3], footprint: 60_000_000, joules: 40 },
    }),
    { time: BOOTED + 86_400 * 7 },
  );

/**
 * A Mac mini of 2024 (Apple M4 with 10 cores and a GPU of 10, 16 GB) with macOS 15.7, doing nothing, short of memory. A desktop with one
 * fan, wired. Published: cores and caches, the highest steps, which keys of temperatures its controller has with values like these. Made
 * up: the limits of its fan, and what changes while a machine runs. Nobody recorded it.
 */
export const m4Mini: FakeMachine = machineAt(0);

/** The same two seconds later. */
export const m4MiniLater: FakeMachine = machineAt(2);
