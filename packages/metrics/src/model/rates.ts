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

/** What is derived of each collector that has rates, by its name. */
export interface RatesByName {
  readonly cpu: CpuRates;
  readonly pressure: PressureRates;
  readonly disk: DisksRates;
  readonly network: NetworksRates;
  /** Rates of the process in row `index` of the later snapshot's table. */
  readonly processes: (index: number) => ProcessRates;
}

/** Name of a collector that has rates. */
export type RatedName = keyof RatesByName;

/**
 * The pure functions that derive rates from two readings `elapsed` seconds apart.
 * Null from one: nothing can be said (its counters did not move, or started over).
 */
const DERIVE: { readonly [Name in RatedName]: (before: never, after: never, elapsed: number) => RatesByName[Name] | null } = {
  cpu: cpuRates,
  pressure: pressureRates,
  disk: disksRates,
  network: networksRates,
  processes: processRates,
};

const RATED = Object.keys(DERIVE) as RatedName[];

/** What happened between two snapshots, per second or as a share of the time. Null members have a gap `rates.<name>`. */
export type Rates = { readonly [Name in RatedName]: RatesByName[Name] | null } & {
  /** Seconds between the two, on the monotonic clock; null when there was no earlier one. */
  readonly elapsed: number | null;
  readonly gaps: readonly Gap[];
};

function none(elapsed: number | null, reason: GapReason, detail: string): Rates {
  const gaps = RATED.map((name) => ({ field: `rates.${name}`, reason, detail }));
  return { ...(Object.fromEntries(RATED.map((name) => [name, null])) as { [Name in RatedName]: null }), elapsed, gaps };
}

/** The moment at which a collector was read: sliced reading spreads a snapshot over some milliseconds, and slow ones are older. */
function readAt(snapshot: Snapshot, name: CollectorName): number {
  for (const run of snapshot.runs) if (run.collector === name) return run.readAt;
  return snapshot.monotonic;
}

/**
 * Derives rates from two snapshots; pure. Without an earlier one, or when more than `longest` seconds lie between
 * (the machine slept), everything is null: an average over a sleep means nothing.
 * `last` are the rates at `before`: what was not read again in between (slow collectors) keeps them.
 */
export function deriveRates(
  before: Snapshot | null,
  after: Snapshot,
  longest: number = Number.POSITIVE_INFINITY,
  last: Rates | null = null,
): Rates {
  if (!before) return none(null, 'no-baseline', 'A rate needs two readings.');
  const elapsed = after.monotonic - before.monotonic;
  if (elapsed > longest) return none(elapsed, 'suspended', `${elapsed.toFixed(0)} s lie between the two readings.`);
  if (elapsed <= 0) return none(elapsed, 'no-baseline', 'No time passed between the two readings.');
  const gaps: Gap[] = [];
  const rates: Partial<Record<RatedName, unknown>> = {};
  for (const name of RATED) {
    const was = before[name];
    const is = after[name];
    const derive = DERIVE[name] as unknown as (before: unknown, after: unknown, elapsed: number) => unknown;
    const isSame = was === is;
    const rate = !was || !is ? null : isSame ? (last?.[name] ?? null) : derive(was, is, readAt(after, name) - readAt(before, name));
    rates[name] = rate;
    if (rate !== null || !is) continue;
    const detail = was && !isSame ? 'Its counters did not move, or started over.' : 'It has not been read twice yet.';
    gaps.push({ field: `rates.${name}`, reason: 'no-baseline', detail });
  }
  return { elapsed, gaps, ...(rates as { [Name in RatedName]: Rates[Name] }) };
}
