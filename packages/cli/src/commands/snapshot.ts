import { setTimeout as sleep } from 'node:timers/promises';
import type { Host } from '@hecate/host';
import { collectorsOf, deriveRates, openSampler } from '@hecate/metrics';
import type { CollectorName, Rates, Snapshot } from '@hecate/metrics';
import { ENCODERS } from '@hecate/observe';
import { openTarget } from '../target.ts';
import { snapshotTable } from '../terminal/snapshot-table.ts';
import { during } from '../terminal/progress.ts';
import { terminalOf } from '../terminal/terminal.ts';

interface SnapshotOptions {
  readonly format: 'table' | 'json' | 'csv' | 'prometheus' | 'openmetrics';
  readonly root?: string;
  readonly only?: readonly CollectorName[];
  readonly interval?: number;
}

/** Slow file systems may take five seconds to be given up on. */
const PATIENCE = 6;
/** Seconds that the second reading of what was read once may take. */
const SECOND_PATIENCE = 1;

/** What one or two readings gave. */
interface Taken {
  readonly snapshot: Snapshot;
  readonly rates: Rates;
}

/** Reads once, or twice where `interval` is not 0: then the slow collectors as well, so that they have rates too. */
export async function takeSnapshot(host: Host, only: readonly CollectorName[] | undefined, interval: number): Promise<Taken> {
  let isReading = true;
  const sampler = openSampler(host, {
    ...(only ? { only } : {}),
    slowPeriod: 0,
    // Asks for nothing more while it is only waited for.
    demand: () => (isReading ? 0 : Number.POSITIVE_INFINITY),
  });
  try {
    const first = await sampler.take(PATIENCE);
    if (interval === 0) return { snapshot: first, rates: deriveRates(null, first) };
    if (host.recording?.next() !== true) await sleep(interval * 1000);
    const second = await sampler.take(PATIENCE);
    isReading = false;
    // Fast ones among them: where they ask programs, no tick waits for them.
    const again = new Set(collectorsOf(host.platform).flatMap(({ name, lane, period }) => (lane !== 'rare' && !period ? [name] : [])));
    const was = new Map(first.runs.map(({ collector, readAt }) => [collector, readAt]));
    const isSettled = ({ runs }: Snapshot): boolean =>
      runs.every(({ collector, readAt }) => !again.has(collector) || was.get(collector) !== readAt);
    let last = second;
    for (const end = performance.now() + SECOND_PATIENCE * 1000; !isSettled(last) && performance.now() < end;) {
      await sleep(5);
      last = await sampler.take(0);
    }
    const snapshot = { ...last, time: second.time, monotonic: second.monotonic };
    return { snapshot, rates: deriveRates(first, snapshot) };
  } finally {
    sampler.close();
  }
}

/** `hecate snapshot`. */
export async function run(options: SnapshotOptions): Promise<void> {
  const host = openTarget(options.root);
  const encoder = options.format === 'table' ? undefined : ENCODERS[options.format];
  // A recording has rates between its moments; files that stand still have none.
  const hasRates = (host.kind === 'real' || (host.recording?.count ?? 1) > 1) && encoder?.rates !== false;
  const interval = options.interval ?? (hasRates ? 0.5 : 0);
  const { snapshot, rates } = await during('Measuring', () => takeSnapshot(host, options.only, interval));
  process.stdout.write(
    encoder
      ? encoder.encode({ snapshot, rates, platform: host.platform })
      : snapshotTable(snapshot, rates, { platform: host.platform, only: options.only }, terminalOf(process.stdout)),
  );
}
