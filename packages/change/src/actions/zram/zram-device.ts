import { errnoOf, HecateError } from '@hecate/host';
import type { WritableHost } from '@hecate/host';

/** State of the kind `zram` (Documentation/admin-guide/blockdev/zram.rst of the kernel). */
export type ZramState = {
  readonly present: boolean;
  /** Null when the device is not there. */
  readonly algorithm: string | null;
  /** Bytes; 0 when it was given none. */
  readonly size: number;
  /** The kernel swaps to it. */
  readonly active: boolean;
  /** Of the swap; -1 is one that the kernel chose. Null when it is none. */
  readonly priority: number | null;
};

/** Where devices are added and removed. READING hot_add adds one: nothing that only looks may touch it. */
export const CONTROL: string = '/sys/class/zram-control';

/** How a device is now. It is not there while the module is not loaded. Throws UNAVAILABLE where the kernel has no zram. */
export function readZram(host: WritableHost, device: string): ZramState {
  if (host.status(`/sys/block/${device}`) === null) {
    if (isZramLoaded(host) || hasModule(host)) return { present: false, algorithm: null, size: 0, active: false, priority: null };
    throw new HecateError('UNAVAILABLE', 'This kernel has no zram.');
  }
  const priority = readSwapPriority(host, device);
  return {
    present: true,
    algorithm: /\[([^\]]+)\]/.exec(readAttribute(host, device, 'comp_algorithm'))?.[1] ?? null,
    size: Number(readAttribute(host, device, 'disksize')),
    active: priority !== null,
    priority,
  };
}

/** Whether devices can be made now. */
export const isZramLoaded = (host: WritableHost): boolean => host.status(CONTROL) !== null;

/** Whether zram can be loaded: an earlier change of a plan may do that. modules.dep(5) names all modules of the kernel. */
function hasModule(host: WritableHost): boolean {
  try {
    const release = host.readText('/proc/sys/kernel/osrelease').trim();
    return host.readText(`/lib/modules/${release}/modules.dep`).includes('/zram.ko');
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
    return false;
  }
}

const readAttribute = (host: WritableHost, device: string, name: string): string => host.readText(`/sys/block/${device}/${name}`).trim();

/** Priority of a device in /proc/swaps (proc_swaps(5)); null when it is none of them. */
function readSwapPriority(host: WritableHost, device: string): number | null {
  let swaps = '';
  try {
    swaps = host.readText('/proc/swaps');
  } catch (error) {
    // A kernel without swap.
    if (errnoOf(error) !== 'ENOENT') throw error;
  }
  for (const line of swaps.split('\n').slice(1)) {
    const [file, , , , priority] = line.split(/\s+/);
    // The kernel numbers those that it chooses downwards from -2.
    if (file === `/dev/${device}`) return Math.max(-1, Number(priority));
  }
  return null;
}

/** Compression algorithms that the kernel offers, as a device that is there says; null when none is there to say. */
export function readAlgorithms(host: WritableHost): readonly string[] | null {
  const [device] = zramNumbers(host);
  return device === undefined ? null : readAttribute(host, `zram${device}`, 'comp_algorithm').replaceAll(/[[\]]/g, '').split(/\s+/);
}

/** Numbers of the devices that are there, ascending. */
export const zramNumbers = (host: WritableHost): number[] =>
  host
    .list('/sys/block')
    .flatMap((name) => /^zram(\d+)$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);

/** Number that the kernel gives to the next device: the lowest that is free. */
export function nextZram(host: WritableHost): number {
  const taken = new Set(zramNumbers(host));
  let number = 0;
  while (taken.has(number)) number++;
  return number;
}

/** A setting of a device that we neither make nor could bring back; null when it has none. */
export function foreignSetting(host: WritableHost, device: string): string | null {
  // Files that the kernel may be built without; the memory limit is the fourth number of mm_stat.
  const read = (name: string): string => (host.status(`/sys/block/${device}/${name}`) === null ? '' : readAttribute(host, device, name));
  if (!/^(?:none)?$/.test(read('backing_dev'))) return 'backing device';
  return Number(read('mm_stat').split(/\s+/)[3] ?? 0) > 0 ? 'memory limit' : null;
}
