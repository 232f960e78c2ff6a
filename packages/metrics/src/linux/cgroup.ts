import { errnoOf } from '@hecate/host';
import type { Host } from '@hecate/host';
import { cgroupGroups } from '../domain/cgroup.ts';
import type { CgroupController, CgroupReading } from '../domain/cgroup.ts';
import type { Collector, Reader } from '../model/collector.ts';
import { ByteCursor } from '../model/cursor.ts';
import type { GapSink } from '../model/gap.ts';
import { parseControllers } from './cgroup/controllers.ts';
import { openCgroupFiles } from './cgroup/files.ts';
import type { CgroupCpu, CgroupFiles, CgroupMemory, CgroupMemoryEvents } from './cgroup/files.ts';
import { countRanges } from './cgroup/keyed.ts';
import { mostTellingPath, parseMembership } from './cgroup/membership.ts';
import type { CgroupMembership } from './cgroup/membership.ts';
import { isUnifiedAlone, readCgroupMounts } from './cgroup/mounts.ts';
import type { CgroupMounts } from './cgroup/mounts.ts';
import { ancestryOf, innermost } from './cgroup/place.ts';
import type { Ancestry, CgroupPlace, V1Controller } from './cgroup/place.ts';
import { readCgroupPressure } from './cgroup/pressure.ts';

/** Bytes of memory of the machine: a limit at or past it is none. Infinite where unknown. */
export function memoryTotal(host: Host): number {
  try {
    const found = /^MemTotal:\s+(\d{1,18}) kB/m.exec(host.readText('/proc/meminfo'))?.[1];
    return found === undefined || Number(found) === 0 ? Infinity : Number(found) * 1024;
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return Infinity;
  }
}

const NOTHING: Omit<CgroupReading, 'controllers'> = {
  path: null,
  version: null,
  memoryLimit: null,
  memoryHigh: null,
  memoryUsage: null,
  workingSet: null,
  rss: null,
  cache: null,
  swapUsage: null,
  swapLimit: null,
  highHits: null,
  limitHits: null,
  oom: null,
  oomKills: null,
  cpuLimit: null,
  cpus: null,
  cpuUsage: null,
  cpuUser: null,
  cpuSystem: null,
  periods: null,
  throttledPeriods: null,
  throttledTime: null,
  pidsLimit: null,
  pids: null,
  pressure: null,
};

const NO_CPU: CgroupCpu = { usage: null, user: null, system: null, periods: null, throttledPeriods: null, throttledTime: null };
const NO_MEMORY: CgroupMemory = { usage: null, workingSet: null, rss: null, cache: null, mapped: null, swap: null };
const NO_EVENTS: CgroupMemoryEvents = { highHits: null, limitHits: null, oom: null, oomKills: null };

/** The smallest of what several groups say; null when none says anything. */
function smallest(directories: readonly string[], limit: (directory: string) => number | null): number | null {
  let least: number | null = null;
  for (const directory of directories) {
    const is = limit(directory);
    if (is !== null && (least === null || is < least)) least = is;
  }
  return least;
}

/** Reads our own group, one part at a time: what fails is a gap of that part. */
function createOwnReader(
  host: Host,
  mounts: CgroupMounts,
): (membership: CgroupMembership, gaps: GapSink) => Omit<CgroupReading, 'controllers'> {
  const files = openCgroupFiles(host);
  const isV2 = isUnifiedAlone(mounts);
  const total = memoryTotal(host);

  const limits = (ancestry: Ancestry): Pick<CgroupReading, 'memoryLimit' | 'memoryHigh' | 'swapLimit' | 'cpuLimit' | 'pidsLimit'> => {
    const of = (controller: V1Controller): readonly string[] => (isV2 ? ancestry.unified : ancestry[controller]);
    const memoryLimit = smallest(of('memory'), (directory) => files.memoryLimit(directory, isV2, total));
    const number = (directories: readonly string[], file: string): number | null =>
      smallest(directories, (directory) => files.number(directory, file));
    return {
      memoryLimit,
      memoryHigh: isV2 ? number(ancestry.unified, 'memory.high') : null,
      swapLimit: isV2 ? number(ancestry.unified, 'memory.swap.max') : swapLimitV1(files, ancestry.memory, memoryLimit, total),
      cpuLimit: smallest(of('cpu'), (directory) => files.cpuLimit(directory, isV2)),
      pidsLimit: number(of('pids'), 'pids.max'),
    };
  };

  const cpus = (ancestry: Ancestry): number | null => {
    // Where the controller is not enabled for us, the nearest group above that has it decides.
    for (const directory of isV2 ? ancestry.unified : ancestry.cpuset) {
      const at = files.open(directory, isV2 ? 'cpuset.cpus.effective' : 'cpuset.effective_cpus') ?? files.open(directory, 'cpuset.cpus');
      const count = at && countRanges(at);
      if (count) return count;
    }
    return null;
  };

  return (membership, gaps) => {
    const ancestry = ancestryOf(mounts, membership);
    const place = innermost(mounts, ancestry);
    const attempt = <Value>(field: string, read: () => Value, otherwise: Value): Value => {
      try {
        return read();
      } catch (error) {
        gaps.addError(`cgroup.${field}`, error);
        return otherwise;
      }
    };
    const memory = attempt('memoryUsage', () => files.memory(place), NO_MEMORY);
    const cpu = attempt('cpuUsage', () => files.cpu(place), NO_CPU);
    const pids = attempt('pids', () => files.pids(place), null);
    const pressure = attempt('pressure', () => readCgroupPressure(files, place), null);
    const noLimits = { memoryLimit: null, memoryHigh: null, swapLimit: null, cpuLimit: null, pidsLimit: null };
    explain(place, { memoryUsage: memory.usage, cpuUsage: cpu.usage, pids, pressure }, gaps);
    return {
      path: mostTellingPath(membership),
      version: isV2 ? 2 : 1,
      ...attempt('memoryLimit', () => limits(ancestry), noLimits),
      memoryUsage: memory.usage,
      workingSet: memory.workingSet,
      rss: memory.rss,
      cache: memory.cache,
      swapUsage: memory.swap,
      ...attempt('limitHits', () => files.memoryEvents(place), NO_EVENTS),
      cpus: attempt('cpus', () => cpus(ancestry), null),
      cpuUsage: cpu.usage,
      cpuUser: cpu.user,
      cpuSystem: cpu.system,
      periods: cpu.periods,
      throttledPeriods: cpu.throttledPeriods,
      throttledTime: cpu.throttledTime,
      pids,
      pressure,
    };
  };
}

/** v1 limits memory and swap together; the part of swap is known where memory has a limit. */
function swapLimitV1(files: CgroupFiles, directories: readonly string[], memoryLimit: number | null, total: number): number | null {
  const both = smallest(directories, (directory) => files.number(directory, 'memory.memsw.limit_in_bytes'));
  // Without a limit it is 2^63 less a page, and never below the limit of memory.
  return memoryLimit === null || both === null || both > 2 ** 62 || total === Infinity ? null : Math.max(0, both - memoryLimit);
}

/** Says why figures are null that no error stands for. */
function explain(place: CgroupPlace, found: Readonly<Record<string, unknown>>, gaps: GapSink): void {
  const why = place.controllers
    ? 'No v1 hierarchy that we see has this figure for our group.'
    : 'The v2 tree has this figure only where the controller is enabled, and not in its root.';
  for (const [name, value] of Object.entries(found)) if (value === null) gaps.add(`cgroup.${name}`, 'unsupported', why);
}

function openReader(host: Host): Reader<CgroupReading> {
  const cursor = new ByteCursor();
  let readOwn: ReturnType<typeof createOwnReader> | undefined;
  const own = (gaps: GapSink): Omit<CgroupReading, 'controllers'> => {
    // Parsed before the mounts are read: both are in one buffer.
    const membership = parseMembership(host.read('/proc/self/cgroup'));
    if (!readOwn) {
      const mounts = readCgroupMounts(host);
      if (!mounts.unified && Object.keys(mounts.controllers).length === 0) {
        gaps.add('cgroup.version', 'absent', 'No control groups are mounted.');
        return { ...NOTHING, path: mostTellingPath(membership) };
      }
      readOwn = createOwnReader(host, mounts);
    }
    return readOwn(membership, gaps);
  };
  return {
    read(gaps) {
      let controllers: readonly CgroupController[] = [];
      let failure: unknown;
      try {
        controllers = parseControllers(cursor.reset(host.read('/proc/cgroups')));
      } catch (error) {
        failure = error;
        gaps.addError('cgroup.controllers', error);
      }
      try {
        return { ...own(gaps), controllers };
      } catch (error) {
        if (failure) throw error;
        gaps.addError('cgroup.path', error);
        return { ...NOTHING, controllers };
      }
    },
    close: () => {},
  };
}

/** Limits and usage of the control group that we run in, and the controllers that the kernel has. */
export const cgroup: Collector<'cgroup', CgroupReading> = {
  name: 'cgroup',
  lane: 'slow',
  sources: ['/proc/self/cgroup', '/proc/self/mountinfo', '/sys/fs/cgroup', '/proc/cgroups'],
  remedy: 'Mount the control groups at /sys/fs/cgroup; in a container, let the engine mount them read-only.',
  groups: cgroupGroups,
  open: openReader,
};
