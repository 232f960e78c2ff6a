import { UNKNOWN_GPU } from '../../domain/gpu.ts';
import type { GpuReading } from '../../domain/gpu.ts';
import { dictionaryAt, numberAt, textAt } from '../core-foundation/dictionary.ts';
import type { CfDictionary } from '../core-foundation/value.ts';

const MEGA = 1e6;
const MEBI = 2 ** 20;

/** Vendors by their PCI numbers. */
const PCI_VENDORS: Readonly<Record<number, string>> = { 0x106b: 'apple', 0x10de: 'nvidia', 0x1002: 'amd', 0x8086: 'intel' };
/** Vendors by what the names of their drivers begin with. */
const DRIVER_VENDORS: readonly (readonly [RegExp, string])[] = [
  [/^AGX/, 'apple'],
  [/^(?:NV|GeForce)/, 'nvidia'],
  [/^(?:AMD|ATI)/, 'amd'],
  [/^(?:AppleIntel|Intel)/, 'intel'],
];

/** Highest temperature that is one: drivers of AMD say 128 or more while the card is off, and 0. */
const HOTTEST = 127;
/** Highest clock, power and memory that are one. */
const FASTEST = 10_000 * MEGA;
const MOST_WATTS = 2000;
const MOST_MEGABYTES = 2 ** 24;

/** A number of 0 or more; null for others. */
function positive(dictionary: CfDictionary, key: string): number | null {
  const value = numberAt(dictionary, key);
  return value === null || value < 0 ? null : value;
}

/** The first of these keys that has a share, which the driver says in per cent. */
function share(statistics: CfDictionary, ...keys: readonly string[]): number | null {
  for (const key of keys) {
    const percent = positive(statistics, key);
    if (percent !== null) return Math.min(1, percent / 100);
  }
  return null;
}

/** A number above 0 that is not above `most`; null for others. */
function within(value: number | null, most: number): number | null {
  return value === null || value <= 0 || value > most ? null : value;
}

/** The text of a property that is one, or is its bytes with a NUL, as those of PCI devices are. */
function textOf(dictionary: CfDictionary, key: string): string | null {
  const value = dictionary[key];
  if (!Buffer.isBuffer(value)) return textAt(dictionary, key);
  const end = value.indexOf(0);
  return value.toString('utf8', 0, end < 0 ? value.length : end) || null;
}

/** A number of PCI: bytes, the lowest first. */
function pciNumber(device: CfDictionary, key: string): number | null {
  const value = device[key];
  return Buffer.isBuffer(value) && value.length >= 2 ? value.readUInt16LE(0) : null;
}

/** Memory in bytes: what is there of its own, what of it is in use, and what is taken of the machine's. Null: it does not tell. */
type Memory = Pick<GpuReading, 'unified' | 'memoryTotal' | 'memoryUsed' | 'memoryShared'>;

/** Memory of a GPU that has some of its own: the accelerator says how much, or the PCI device that it drives. */
function ownMemory(own: CfDictionary, device: CfDictionary, statistics: CfDictionary): Memory {
  const megabytes = within(numberAt(own, 'VRAM,totalMB') ?? numberAt(device, 'VRAM,totalMB'), MOST_MEGABYTES);
  const used = positive(statistics, 'vramUsedBytes') ?? positive(statistics, 'inUseVidMemoryBytes');
  const free = positive(statistics, 'vramFreeBytes');
  const memoryTotal = megabytes !== null ? megabytes * MEBI : used !== null && free !== null ? used + free : null;
  return {
    unified: memoryTotal === null ? null : false,
    memoryTotal,
    memoryUsed: used,
    memoryShared: positive(statistics, 'gartUsedBytes'),
  };
}

const unifiedMemory = (statistics: CfDictionary): Memory => ({
  unified: true,
  memoryTotal: null,
  memoryUsed: positive(statistics, 'In use system memory'),
  memoryShared: positive(statistics, 'Alloc system memory'),
});

/** Properties of an accelerator that are looked at. */
export const ACCELERATOR_KEYS = ['IOClass', 'model', 'gpu-core-count', 'AGCInfo', 'VRAM,totalMB', 'PerformanceStatistics'] as const;
/** The same of the PCI device that it drives. */
export const DEVICE_KEYS = ['model', 'vendor-id', 'VRAM,totalMB'] as const;

/** Whether Apple's graphics control has switched a card off, as it does with one of two. Null where nobody does so. */
function isSwitchedOff(own: CfDictionary): boolean | null {
  const off = dictionaryAt(own, 'AGCInfo')?.['poweredOffByAGC'];
  return off === undefined ? null : off === true || off === 1;
}

/**
 * A GPU, of the properties of its accelerator (`own`) and of the PCI device that it drives, where it is one: an empty dictionary
 * otherwise. The keys of `PerformanceStatistics` are those that Apple's, AMD's and Intel's drivers have on macOS; each may be missing.
 */
export function gpuOf(id: string, own: CfDictionary, device: CfDictionary): GpuReading {
  const statistics = dictionaryAt(own, 'PerformanceStatistics') ?? {};
  const driver = textAt(own, 'IOClass') ?? id;
  const number = pciNumber(device, 'vendor-id');
  const vendor = (number === null ? null : PCI_VENDORS[number]) ?? DRIVER_VENDORS.find(([pattern]) => pattern.test(driver))?.[1] ?? null;
  const suspended = isSwitchedOff(own);
  const isPartOfChip = vendor === 'apple' || vendor === 'intel';
  const hertz = (key: string): number | null => {
    const mega = numberAt(statistics, key);
    return within(mega === null ? null : mega * MEGA, FASTEST);
  };
  const about: GpuReading = {
    ...UNKNOWN_GPU,
    ...{ id, name: textOf(own, 'model') ?? textOf(device, 'model'), vendor, driver, suspended },
    cores: positive(own, 'gpu-core-count'),
  };
  // What its driver then says is of before.
  if (suspended === true) return about;
  return {
    ...about,
    ...(isPartOfChip ? unifiedMemory(statistics) : ownMemory(own, device, statistics)),
    usage: share(statistics, 'Device Utilization %', 'GPU Activity(%)'),
    rendererUsage: share(statistics, 'Renderer Utilization %'),
    tilerUsage: share(statistics, 'Tiler Utilization %'),
    frequency: hertz('Core Clock(MHz)'),
    memoryFrequency: hertz('Memory Clock(MHz)'),
    power: within(numberAt(statistics, 'Total Power(W)'), MOST_WATTS),
    temperature: within(numberAt(statistics, 'Temperature(C)'), HOTTEST),
    fan: share(statistics, 'Fan Speed(%)'),
    fanSpeed: positive(statistics, 'Fan Speed(RPM)'),
    resets: positive(statistics, 'recoveryCount'),
  };
}
