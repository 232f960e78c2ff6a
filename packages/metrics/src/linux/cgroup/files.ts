import { errnoOf, HecateError } from '@hecate/host';
import type { Host } from '@hecate/host';
import { ByteCursor } from '../../model/cursor.ts';
import { USER_HZ } from '../cpu.ts';
import { keyedNumber, keyOf, numberOrMax } from './keyed.ts';
import type { CgroupPlace, V1Controller } from './place.ts';

/** Processor time of a group; seconds and counts since it was made. Null: the kernel or the hierarchy has no such figure. */
export interface CgroupCpu {
  readonly usage: number | null;
  readonly user: number | null;
  readonly system: number | null;
  /** Periods in which it ran while it had a quota. */
  readonly periods: number | null;
  /** Periods in which it used up its quota. */
  readonly throttledPeriods: number | null;
  /** Seconds that its tasks were kept from running, all processors added up. */
  readonly throttledTime: number | null;
}

/** Memory of a group in bytes, what lies below it included. */
export interface CgroupMemory {
  readonly usage: number | null;
  /** `usage` without file pages that are not in active use: what docker and Kubernetes compare with limits. */
  readonly workingSet: number | null;
  readonly rss: number | null;
  readonly cache: number | null;
  readonly mapped: number | null;
  readonly swap: number | null;
}

/** What happened to the memory of a group. v1 counts `oomKills` and, as `limitHits`, failed charges. */
export interface CgroupMemoryEvents {
  readonly highHits: number | null;
  readonly limitHits: number | null;
  readonly oom: number | null;
  readonly oomKills: number | null;
}

const KEYS = {
  usageUsec: keyOf('usage_usec'),
  userUsec: keyOf('user_usec'),
  systemUsec: keyOf('system_usec'),
  periods: keyOf('nr_periods'),
  throttled: keyOf('nr_throttled'),
  throttledUsec: keyOf('throttled_usec'),
  throttledTime: keyOf('throttled_time'),
  user: keyOf('user'),
  system: keyOf('system'),
  anon: keyOf('anon'),
  file: keyOf('file'),
  fileMapped: keyOf('file_mapped'),
  inactiveFile: keyOf('inactive_file'),
  totalRss: keyOf('total_rss'),
  totalCache: keyOf('total_cache'),
  totalMapped: keyOf('total_mapped_file'),
  totalInactiveFile: keyOf('total_inactive_file'),
  totalSwap: keyOf('total_swap'),
  high: keyOf('high'),
  max: keyOf('max'),
  oom: keyOf('oom'),
  oomKill: keyOf('oom_kill'),
  frozen: keyOf('frozen'),
};

const scaled = (value: number | null, unit: number): number | null => (value === null ? null : value / unit);

/**
 * What a controller answers when it is not enabled, the group is the root, or is gone: no such file, no such device.
 * EOPNOTSUPP is pressure that is switched off.
 */
const SILENCE = new Set(['ENOENT', 'ENOTDIR', 'ENODEV', 'ENOTSUP', 'EOPNOTSUPP', 'ENODATA', 'EINVAL']);

/** Reads the files of control groups, v1 and v2 in one shape. What a group does not have is null; other errors are thrown. */
export interface CgroupFiles {
  /** The cursor at the start of a file; null when there is no such file. */
  open(directory: string | null | undefined, file: string): ByteCursor | null;
  cpu(place: CgroupPlace): CgroupCpu;
  /** `withSwap` false spares a file on v2: `swap` is null then. */
  memory(place: CgroupPlace, withSwap?: boolean): CgroupMemory;
  memoryEvents(place: CgroupPlace): CgroupMemoryEvents;
  pids(place: CgroupPlace): number | null;
  /** Whether the group is frozen. */
  frozen(place: CgroupPlace): boolean | null;
  /** Bytes that one group may use by its own files; null without a limit. `total`: at or past it a limit is none. */
  memoryLimit(directory: string, isUnified: boolean, total: number): number | null;
  /** Processors that one group may use by its own quota; null without one. */
  cpuLimit(directory: string, isUnified: boolean): number | null;
  /** A file whose first number is a value, or `max`; null also where there is none. */
  number(directory: string | null | undefined, file: string): number | null;
}

/** Opens a reader of control groups; it keeps nothing open. */
export function openCgroupFiles(host: Pick<Host, 'read'>): CgroupFiles {
  const cursor = new ByteCursor();
  const open: CgroupFiles['open'] = (directory, file) => {
    if (directory === null || directory === undefined) return null;
    try {
      return cursor.reset(host.read(`${directory}/${file}`));
    } catch (error) {
      if (SILENCE.has(errnoOf(error) ?? '')) return null;
      throw error;
    }
  };
  const number: CgroupFiles['number'] = (directory, file) => {
    const at = open(directory, file);
    return at ? numberOrMax(at) : null;
  };
  const v1 = (place: CgroupPlace, controller: V1Controller): string | null => place.controllers?.[controller] ?? null;

  const cpuV1 = (place: CgroupPlace): CgroupCpu => {
    const usage = scaled(number(v1(place, 'cpuacct'), 'cpuacct.usage'), 1e9);
    // In nanoseconds since Linux 4.7; ticks of a hundredth of a second before.
    let user = scaled(number(v1(place, 'cpuacct'), 'cpuacct.usage_user'), 1e9);
    let system = scaled(number(v1(place, 'cpuacct'), 'cpuacct.usage_sys'), 1e9);
    const ticks = user === null || system === null ? open(v1(place, 'cpuacct'), 'cpuacct.stat') : null;
    if (ticks) {
      user = scaled(keyedNumber(ticks, KEYS.user), USER_HZ);
      system = scaled(keyedNumber(ticks, KEYS.system), USER_HZ);
    }
    const stat = open(v1(place, 'cpu'), 'cpu.stat');
    return {
      usage,
      user,
      system,
      periods: stat && keyedNumber(stat, KEYS.periods),
      throttledPeriods: stat && keyedNumber(stat, KEYS.throttled),
      throttledTime: stat && scaled(keyedNumber(stat, KEYS.throttledTime), 1e9),
    };
  };

  const memoryV1 = (directory: string | null): CgroupMemory => {
    const usage = number(directory, 'memory.usage_in_bytes');
    const stat = open(directory, 'memory.stat');
    const inactive = stat && keyedNumber(stat, KEYS.totalInactiveFile);
    return {
      usage,
      workingSet: usage === null || inactive === null ? null : Math.max(0, usage - inactive),
      rss: stat && keyedNumber(stat, KEYS.totalRss),
      cache: stat && keyedNumber(stat, KEYS.totalCache),
      mapped: stat && keyedNumber(stat, KEYS.totalMapped),
      swap: stat && keyedNumber(stat, KEYS.totalSwap),
    };
  };

  return {
    open,
    number,
    cpu(place) {
      if (place.controllers) return cpuV1(place);
      const stat = open(place.unified, 'cpu.stat');
      return {
        usage: stat && scaled(keyedNumber(stat, KEYS.usageUsec), 1e6),
        user: stat && scaled(keyedNumber(stat, KEYS.userUsec), 1e6),
        system: stat && scaled(keyedNumber(stat, KEYS.systemUsec), 1e6),
        periods: stat && keyedNumber(stat, KEYS.periods),
        throttledPeriods: stat && keyedNumber(stat, KEYS.throttled),
        throttledTime: stat && scaled(keyedNumber(stat, KEYS.throttledUsec), 1e6),
      };
    },
    memory(place, withSwap = true) {
      if (place.controllers) return memoryV1(place.controllers.memory);
      const usage = number(place.unified, 'memory.current');
      const swap = withSwap ? number(place.unified, 'memory.swap.current') : null;
      // Without the controller there is no stat file; the root has one, of the whole machine.
      const stat = open(place.unified, 'memory.stat');
      const inactive = stat && keyedNumber(stat, KEYS.inactiveFile);
      return {
        usage,
        workingSet: usage === null || inactive === null ? null : Math.max(0, usage - inactive),
        rss: stat && keyedNumber(stat, KEYS.anon),
        cache: stat && keyedNumber(stat, KEYS.file),
        mapped: stat && keyedNumber(stat, KEYS.fileMapped),
        swap,
      };
    },
    memoryEvents(place) {
      if (place.controllers) {
        const limitHits = number(place.controllers.memory, 'memory.failcnt');
        const control = open(place.controllers.memory, 'memory.oom_control');
        return { highHits: null, limitHits, oom: null, oomKills: control && keyedNumber(control, KEYS.oomKill) };
      }
      const events = open(place.unified, 'memory.events');
      return {
        highHits: events && keyedNumber(events, KEYS.high),
        limitHits: events && keyedNumber(events, KEYS.max),
        oom: events && keyedNumber(events, KEYS.oom),
        oomKills: events && keyedNumber(events, KEYS.oomKill),
      };
    },
    pids: (place) => number(place.controllers ? place.controllers.pids : place.unified, 'pids.current'),
    frozen(place) {
      if (place.controllers) {
        const state = open(place.controllers.freezer, 'freezer.state');
        return state && !state.match('THAWED');
      }
      const events = open(place.unified, 'cgroup.events');
      const frozen = events && keyedNumber(events, KEYS.frozen);
      return frozen === null ? null : frozen === 1;
    },
    memoryLimit(directory, isUnified, total) {
      const limit = number(directory, isUnified ? 'memory.max' : 'memory.limit_in_bytes');
      // v1 writes 2^63 less a page for none.
      return limit === null || limit >= total ? null : limit;
    },
    cpuLimit(directory, isUnified) {
      const at = open(directory, isUnified ? 'cpu.max' : 'cpu.cfs_quota_us');
      const quota = at && numberOrMax(at);
      if (at === null || quota === null || quota < 0) return null;
      const period = isUnified ? at.integer() : number(directory, 'cpu.cfs_period_us');
      if (!period || period < 0) throw new HecateError('FAILED', `The processor quota of ${directory} has no period.`);
      return quota / period;
    },
  };
}
