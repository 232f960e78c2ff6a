import { HecateError } from '@hecate/host';
import type { Host } from '@hecate/host';
import type { CpuReading } from '../../domain/cpu.ts';
import type { DiskReading } from '../../domain/disk.ts';
import type { FilesystemReading } from '../../domain/filesystem.ts';
import type { HostReading } from '../../domain/host.ts';
import type { LoadReading } from '../../domain/load.ts';
import type { MemoryReading } from '../../domain/memory.ts';
import type { NetworkReading } from '../../domain/network.ts';
import type { PowerReading } from '../../domain/power.ts';
import type { ProcessTable } from '../../domain/process.ts';
import { isRefusal } from '../../model/gap.ts';
import type { GapSink } from '../../model/gap.ts';
import { lackModes, UNKNOWN_COUNTERS, UNKNOWN_MODES } from '../cpu-modes.ts';
import { lackCounters } from '../disk-reading.ts';
import type { SecondTier } from '../fallback.ts';
import { lackLinuxOnly } from '../memory-formula.ts';
import { lackUncounted } from '../network/uncounted.ts';
import { ask, lacks } from '../reader.ts';
import { readDf } from './df.ts';
import { readIoreg } from './ioreg.ts';
import { readMount } from './mount.ts';
import { readNetstatInterfaces } from './netstat-interfaces.ts';
import { readPmset } from './pmset.ts';
import { readPs } from './ps.ts';
import { disksFromIoreg } from './readings/disk.ts';
import { filesystemsFromDf } from './readings/filesystem.ts';
import { memoryFromVmStat } from './readings/memory.ts';
import { networkFromNetstat } from './readings/network.ts';
import { powerFromIoreg, powerFromPmset } from './readings/power.ts';
import { openPsTable, UNTOLD_BY_PS } from './readings/processes.ts';
import { hostFromSysctl, loadFromSysctl, SYSTEM_SYSCTLS } from './readings/system.ts';
import { bootTimeOf, numberOf, pressureOf, readSysctl, swapOf } from './sysctl.ts';
import { untold } from './untold.ts';
import { readVmStat } from './vm-stat.ts';

/** CPU times, of Node.js: it asks the kernel by itself, and starts no program. When the machine booted, of sysctl(8). */
export const cpuTier: SecondTier<CpuReading> = {
  programs: 'Node.js and sysctl',
  async read(host, gaps) {
    const times = host.cpuTimes?.() ?? [];
    if (times.length === 0) throw new HecateError('UNAVAILABLE', 'Node.js does not tell the times of the CPUs.');
    const cores = times.map((time, cpu) => ({ cpu, ...time, ...UNKNOWN_MODES }));
    const sum = (mode: 'user' | 'nice' | 'system' | 'idle'): number => times.reduce((total, time) => total + time[mode], 0);
    const total = { user: sum('user'), nice: sum('nice'), system: sum('system'), idle: sum('idle'), ...UNKNOWN_MODES };
    lackModes(gaps);
    return { total, cores, ...UNKNOWN_COUNTERS, bootTime: await askBootTime(host, gaps) };
  },
};

/** Seconds since the epoch; null, with a gap, where sysctl does not tell. */
async function askBootTime(host: Host, gaps: GapSink): Promise<number | null> {
  try {
    const bootTime = bootTimeOf(await readSysctl(host, ['kern.boottime']));
    if (bootTime === null) gaps.add('cpu.bootTime', 'unsupported', 'sysctl did not tell it.');
    return bootTime;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    gaps.addError('cpu.bootTime', error);
    return null;
  }
}

/** Load averages, of sysctl(8). */
export const loadTier: SecondTier<LoadReading> = {
  programs: 'sysctl',
  async read(host, gaps) {
    const load = loadFromSysctl(await readSysctl(host, ['vm.loadavg']));
    if (!load) throw new HecateError('FAILED', 'sysctl did not tell the load in a way that is understood.');
    lacks(gaps, ['load.runnable', 'load.threads'], 'macOS does not count them with the load.');
    return load;
  },
};

/** Names of the machine, of sysctl(8). */
export const hostTier: SecondTier<HostReading> = {
  programs: 'sysctl',
  async read(host, gaps) {
    const values = await readSysctl(host, SYSTEM_SYSCTLS);
    if (values.size === 0) throw new HecateError('FAILED', 'sysctl told nothing of the machine.');
    const reading = hostFromSysctl(values, host.clock.now());
    lacks(gaps, ['host.domain'], 'macOS has no NIS domain.');
    untold(gaps, 'host', { ...reading }, 'sysctl');
    return reading;
  },
};

/** Memory and swap, of vm_stat(1) and sysctl(8). */
export const memoryTier: SecondTier<MemoryReading> = {
  programs: 'vm_stat and sysctl',
  async read(host, gaps) {
    const [counts, values] = await Promise.all([
      readVmStat(host),
      readSysctl(host, ['hw.memsize', 'vm.swapusage', 'kern.memorystatus_vm_pressure_level']).catch((error: unknown) => {
        if (!isRefusal(error)) throw error;
        gaps.addError('memory.total', error);
        return new Map<string, string>();
      }),
    ]);
    const pressure = pressureOf(values);
    const reading = memoryFromVmStat(counts, { total: numberOf(values, 'hw.memsize'), swap: swapOf(values), pressure });
    const { apple, lines: _, ...figures } = reading;
    lackLinuxOnly(gaps);
    untold(gaps, 'memory', figures, 'vm_stat and sysctl');
    if (!apple) lacks(gaps, ['memory.apple'], 'vm_stat did not tell all of it.');
    else if (pressure === null) lacks(gaps, ['memory.apple.pressure'], 'sysctl did not tell it.');
    return reading;
  },
};

/** Disks, of ioreg(8). */
export const diskTier: SecondTier<readonly DiskReading[]> = {
  programs: 'ioreg',
  async read(host, gaps) {
    lackCounters(gaps);
    return disksFromIoreg(await readIoreg(host, 'IOBlockStorageDevice'));
  },
};

/** Volumes, of df(1) and mount(8). */
export const filesystemTier: SecondTier<readonly FilesystemReading[]> = {
  programs: 'df and mount',
  read: async (host) => filesystemsFromDf(...(await Promise.all([readDf(host), readMount(host)]))),
};

/** Interfaces, of netstat(1). */
export const networkTier: SecondTier<readonly NetworkReading[]> = {
  programs: 'netstat',
  async read(host, gaps) {
    const readings = networkFromNetstat(await readNetstatInterfaces(host));
    lackUncounted(gaps);
    for (const reading of readings) untold(gaps, 'network', { ...reading }, 'netstat');
    return readings;
  },
};

/** Batteries and the adapter, of ioreg(8); what the machine runs on and a UPS, of pmset(1). One of the two is enough. */
export const powerTier: SecondTier<PowerReading> = {
  programs: 'ioreg and pmset',
  async read(host, gaps) {
    const [batteries, sources] = await Promise.allSettled([readIoreg(host, 'AppleSmartBattery'), readPmset(host)]);
    const told = ask(gaps, 'power.source', () => resultOf(sources));
    if (batteries.status === 'rejected') {
      if (told === null || !isRefusal(batteries.reason)) throw batteries.reason;
      gaps.addError('power.supplies', batteries.reason);
      return powerFromPmset(told);
    }
    const reading = powerFromIoreg(batteries.value, told);
    const ups = told && powerFromPmset({ ...told, supplies: told.supplies.filter(({ name }) => !name.startsWith('InternalBattery')) });
    return ups ? { ...reading, supplies: [...reading.supplies, ...ups.supplies] } : reading;
  },
  parts: {
    fields: ['power.supplies', 'power.source'],
    fill: (reading, told) => (reading.supplies.length === 0 ? told : { ...reading, source: told.source }),
  },
};

/** Processes, of ps(1); made anew for each reader, as it knows processes again. */
export function processesTier(): SecondTier<ProcessTable> {
  const tableOf = openPsTable();
  return {
    programs: 'ps',
    async read(host, gaps) {
      const at = { time: host.clock.now(), monotonic: host.clock.monotonic() };
      const table = tableOf(await readPs(host), at);
      if (table.length === 0) throw new HecateError('FAILED', 'ps told of no process.');
      lacks(
        gaps,
        UNTOLD_BY_PS.map((name) => `processes.${name}`),
        'ps does not tell it.',
      );
      return table;
    },
  };
}

/** What a promise gave; throws what it was rejected with. */
function resultOf<Value>(settled: PromiseSettledResult<Value>): Value {
  if (settled.status === 'rejected') throw settled.reason;
  return settled.value;
}
