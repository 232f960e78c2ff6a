import { cpuRates } from '../domain/cpu.ts';
import type { CpuRates } from '../domain/cpu.ts';
import { disksRates } from '../domain/disk.ts';
import type { DisksRates } from '../domain/disk.ts';
import { networksRates } from '../domain/network.ts';
import type { NetworksRates } from '../domain/network.ts';
import { pressureRates } from '../domain/pressure.ts';
import type { PressureRates } from '../domain/pressure.ts';
import { processRates } from '../domain/process.ts';
import type { ProcessRates } from '../domain/process.ts';
import type { Gap, GapReason } from './gap.ts';
import type { CollectorName, Snapshot } from './snapshot.ts';

/** What happened between two snapshots, per second or as a share of the time. Null members have a gap `rates.<name>`. */
export interface Rates {
  /** Seconds between the two, on the monotonic clock; null when there was no earlier one. */
  readonly elapsed: number | null;
  readonly cpu: CpuRates | null;
  readonly pressure: PressureRates | null;
  readonly disk: DisksRates | null;
  readonly network: NetworksRates | null;
  /** Rates of the process in row `index` of the later snapshot's table. */
  readonly processes: ((index: number) => ProcessRates) | null;
  readonly gaps: readonly Gap[];
}

const RATED = ['cpu', 'pressure', 'disk', 'network', 'processes'] as const;
type Rated = (typeof RATED)[number];

const DERIVE: { readonly [Name in Rated]: (before: never, after: never, elapsed: number) => Rates[Name] } = {
  cpu: cpuRates,
  pressure: pressureRates,
  disk: disksRates,
  network: networksRates,
  processes: processRates,
};

function none(elapsed: number | null, reason: GapReason, detail: string): Rates {
  return {
    elapsed,
    cpu: null,
    pressure: null,
    disk: null,
    network: null,
    processes: null,
    gaps: RATED.map((name) => ({ field: `rates.${name}`, reason, detail })),
  };
}

/** The moment at which a collector was read: sliced reading spreads a snapshot over some milliseconds. */
function readAt(snapshot: Snapshot, name: CollectorName): number {
  for (const run of snapshot.runs) if (run.collector === name) return run.readAt;
  return snapshot.monotonic;
}

/**
 * Derives rates from two snapshots; pure. Without an earlier one, or when more than `longest` seconds lie between
 * (the machine slept), everything is null: an average over a sleep means nothing.
 */
export function deriveRates(before: Snapshot | null, after: Snapshot, longest: number = Number.POSITIVE_INFINITY): Rates {
  if (!before) return none(null, 'no-baseline', 'A rate needs two readings.');
  const elapsed = after.monotonic - before.monotonic;
  if (elapsed > longest) return none(elapsed, 'suspended', `${elapsed.toFixed(0)} s lie between the two readings.`);
  if (elapsed <= 0) return none(elapsed, 'no-baseline', 'No time passed between the two readings.');
  const gaps: Gap[] = [];
  const rates: Partial<Record<Rated, unknown>> = {};
  for (const name of RATED) {
    const was = before[name];
    const is = after[name];
    const rate = was && is ? DERIVE[name](was as never, is as never, readAt(after, name) - readAt(before, name)) : null;
    rates[name] = rate;
    if (rate !== null) continue;
    if (is && !was) gaps.push({ field: `rates.${name}`, reason: 'no-baseline', detail: 'It could not be read before.' });
    else if (is && was) gaps.push({ field: `rates.${name}`, reason: 'no-baseline', detail: 'Its counters did not move, or started over.' });
  }
  return { elapsed, gaps, ...(rates as Pick<Rates, Rated>) };
}
