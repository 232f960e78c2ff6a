import { setTimeout as sleep } from 'node:timers/promises';
import { deriveRates, openSampler } from '@hecate/metrics';
import type { CollectorName, Rates, Snapshot } from '@hecate/metrics';
import { encodeCsv, encodeJson, encodeOpenMetrics, encodePrometheus } from '@hecate/observe';
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

function encode(format: SnapshotOptions['format'], snapshot: Snapshot, rates: Rates, platform: NodeJS.Platform): string {
  switch (format) {
    case 'json': return `${encodeJson(snapshot, rates)}\n`;
    case 'csv': return encodeCsv(snapshot, rates);
    case 'prometheus': return encodePrometheus(snapshot, platform);
    case 'openmetrics': return encodeOpenMetrics(snapshot, platform);
    default: return snapshotTable(snapshot, rates, terminalOf(process.stdout));
  }
}

/** `hecate snapshot`. */
export async function run(options: SnapshotOptions): Promise<void> {
  const host = openTarget(options.root);
  const countersOnly = options.format === 'prometheus' || options.format === 'openmetrics';
  const interval = options.interval ?? (host.kind === 'rooted' || countersOnly ? 0 : 0.5);
  const sampler = openSampler(host, options.only ? { only: options.only } : {});
  try {
    const first = await sampler.take(PATIENCE);
    if (interval > 0) await sleep(interval * 1000);
    const second = interval > 0 ? await sampler.take(PATIENCE) : first;
    const rates = deriveRates(interval > 0 ? first : null, second);
    process.stdout.write(encode(options.format, second, rates, host.platform));
  } finally {
    sampler.close();
  }
}
