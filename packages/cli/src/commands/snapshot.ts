import { setTimeout as sleep } from 'node:timers/promises';
import { deriveRates, openSampler } from '@hecate/metrics';
import type { CollectorName } from '@hecate/metrics';
import { ENCODERS } from '@hecate/observe';
import { openTarget } from '../target.ts';
import { snapshotTable } from '../terminal/snapshot-table.ts';
import { terminalOf } from '../terminal/terminal.ts';

interface SnapshotOptions {
  readonly format: 'table' | 'json' | 'csv' | 'prometheus' | 'openmetrics';
  readonly root?: string;
  readonly only?: readonly CollectorName[];
  readonly interval?: number;
}

/** Slow file systems may take five seconds to be given up on. */
const PATIENCE = 6;

/** `hecate snapshot`. */
export async function run(options: SnapshotOptions): Promise<void> {
  const host = openTarget(options.root);
  const encoder = options.format === 'table' ? undefined : ENCODERS[options.format];
  const interval = options.interval ?? (host.kind === 'rooted' || encoder?.rates === false ? 0 : 0.5);
  const sampler = openSampler(host, options.only ? { only: options.only } : {});
  try {
    const first = await sampler.take(PATIENCE);
    if (interval > 0) await sleep(interval * 1000);
    const second = interval > 0 ? await sampler.take(PATIENCE) : first;
    const rates = deriveRates(interval > 0 ? first : null, second);
    process.stdout.write(
      encoder
        ? encoder.encode({ snapshot: second, rates, platform: host.platform })
        : snapshotTable(second, rates, { platform: host.platform, only: options.only }, terminalOf(process.stdout)),
    );
  } finally {
    sampler.close();
  }
}
