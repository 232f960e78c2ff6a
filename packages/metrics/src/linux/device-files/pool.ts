import { readFile as readFileOf } from 'node:fs';
import { setImmediate as breathe } from 'node:timers/promises';
import { promisify } from 'node:util';
import { errnoOf } from '@hecate/host';
import type { Host, KeptFile } from '@hecate/host';
import { leaveDespite } from '../hung-exit.ts';
import { accept, isDue, reject } from './device-file.ts';
import type { DeviceFile } from './device-file.ts';

/** Not of node:fs/promises: that module costs a daemon 150 kB. */
const readFile = promisify(readFileOf);

/** The files of one device, which are slow together or not at all. */
export interface PooledDevice {
  readonly files: readonly DeviceFile[];
  /** Its `power/runtime_status`; null for one that cannot sleep. */
  readonly powerState: KeptFile | null;
  /** Whether it sleeps: it was left alone, and its values are of before. */
  suspended: boolean;
  /** How many reads in a row have not finished in time. */
  late: number;
  /** Whether it is read in a thread, because it takes its time or is not known yet. */
  slow: boolean;
  /** Direct reads in a row that were too long. */
  strikes: number;
  /** Reads begun. */
  reads: number;
  job: Promise<void> | null;
}

/** A device that was not read yet. */
export function pooledDevice(files: readonly DeviceFile[], powerState: KeptFile | null = null): PooledDevice {
  return { files, powerState, suspended: false, late: 0, slow: true, strikes: 0, reads: 0, job: null };
}

/** How a pool reads. Milliseconds. */
export interface PoolOptions {
  /** How long a read waits for slow devices; they go on behind it. Default 2000. */
  readonly patience?: number;
  /** What quick devices may take a read; the others go on at the next one. Default 5. */
  readonly budget?: number;
  /** A file that is read directly and takes longer is a strike against its device. Default 3. */
  readonly quick?: number;
  /** A file that is read in a thread and takes longer keeps its device there; the wait for the thread counts too. Default 20. */
  readonly slow?: number;
}

/** Reads device files so that the event loop waits for none of them. */
export interface DevicePool {
  /** Reads what is due of each device. Their files hold the values afterwards. Never throws for a file. */
  read(devices: readonly PooledDevice[]): Promise<void>;
  /** Forgets about devices that are read no more, and closes their files. */
  release(devices: readonly PooledDevice[]): void;
}

/** Strikes after which a device is read in a thread until it is looked for anew: one may be the machine's own hiccup. */
const STRIKES = 2;

/** Threads that may wait for slow devices at a time: half of those that libuv has. */
const THREADS = 2;

/** Milliseconds that quick devices hold the event loop at a stretch. */
const SLICE = 2;

/**
 * Devices answer in microseconds or in seconds, and nobody knows beforehand: an embedded controller, a disk that is asked
 * for its temperature, a battery behind ACPI. On a machine that runs, each device is first read in a thread. One whose files
 * all answer soon is read directly from then on, which costs a tenth, until some of them do not.
 */
export function createDevicePool(host: Host, options: PoolOptions = {}): DevicePool {
  const { patience = 2000, budget = 5, quick = 3, slow = 20 } = options;
  const waiting: (() => void)[] = [];
  let running = 0;
  let first = 0;

  const isHanging = (): boolean => running > 0;

  /** Reads directly; gives the files that are left after one that took too long. */
  const readQuick = (device: PooledDevice, due: readonly DeviceFile[]): readonly DeviceFile[] => {
    for (const [index, file] of due.entries()) {
      const start = performance.now();
      try {
        const { buffer, length } = file.kept ? file.kept.readOnce() : host.read(file.path);
        accept(file, buffer, length);
      } catch (error) {
        if (errnoOf(error) === undefined) throw error;
        reject(file, error);
      }
      if (host.kind !== 'real' || performance.now() - start <= quick) continue;
      device.strikes++;
      return due.slice(index + 1);
    }
    device.strikes = 0;
    return [];
  };

  const readSlow = async (device: PooledDevice, due: readonly DeviceFile[]): Promise<void> => {
    if (running >= THREADS) await new Promise<void>((resolve) => waiting.push(resolve));
    running++;
    let longest = 0;
    for (const file of due) {
      const start = performance.now();
      try {
        const bytes = await readFile(host.resolve(file.path));
        accept(file, bytes, bytes.length);
      } catch (error) {
        // Nobody may be waiting any more, so every error becomes a gap.
        reject(file, error);
      }
      longest = Math.max(longest, performance.now() - start);
    }
    running--;
    waiting.shift()?.();
    device.slow = longest > slow || device.strikes >= STRIKES;
    device.job = null;
  };

  /** Reads what is due, directly if that is quick; a promise for what is not. */
  const readDevice = (device: PooledDevice): Promise<void> | null => {
    const read = device.reads++;
    const due = device.files.filter((file) => isDue(file, read));
    const left = device.slow && host.kind === 'real' ? due : readQuick(device, due);
    if (left.length === 0) return null;
    return (device.job = readSlow(device, left));
  };

  return {
    async read(devices) {
      const jobs: Promise<void>[] = [];
      let spent = 0;
      let slice = performance.now();
      let next = first;
      for (let index = 0; index < devices.length; index++) {
        const at = (first + index) % devices.length;
        const device = devices[at]!;
        device.suspended = isSuspended(device);
        if (device.suspended) continue;
        const isDirect = !device.slow || host.kind !== 'real';
        if (!device.job && isDirect && spent > budget && device.reads > 0) continue;
        const start = performance.now();
        const job = device.job ?? readDevice(device);
        if (job) jobs.push(job);
        if (!isDirect) continue;
        spent += performance.now() - start;
        next = at + 1;
        if (performance.now() - slice < SLICE) continue;
        await breathe();
        slice = performance.now();
      }
      // Who was left out comes first next time.
      first = devices.length === 0 ? 0 : next % devices.length;
      if (jobs.length > 0) await within(Promise.all(jobs), patience);
      for (const device of devices) device.late = device.job ? device.late + 1 : 0;
      if (devices.some(({ late }) => late > 0)) leaveDespite(isHanging);
    },
    release(devices) {
      for (const { files, powerState } of devices) {
        for (const file of files) file.kept?.close();
        powerState?.close();
      }
    },
  };
}

/** Waits for a promise, but no longer than `patience` milliseconds. */
async function within(promise: Promise<unknown>, patience: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, patience);
  });
  try {
    await Promise.race([promise, over]);
  } finally {
    clearTimeout(timer);
  }
}

const LETTER_S = 115;
const LETTER_U = 117;
const LETTER_P = 112;

/** Whether a device is `suspended` or `suspending` (kernel: Documentation/ABI/testing/sysfs-devices-power). */
function isSuspended({ powerState }: PooledDevice): boolean {
  if (!powerState) return false;
  try {
    const { buffer, length } = powerState.readOnce();
    return length > 3 && buffer[0] === LETTER_S && buffer[1] === LETTER_U && buffer[3] === LETTER_P;
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return false;
  }
}
