import { openHost } from '@hecate/host';
import { deriveRates, openSampler } from '@hecate/metrics';
import type { Snapshot } from '@hecate/metrics';
import { machineRow } from '../record/machine-row.ts';
import type { PushInput } from './format.ts';

/** What is pushed of a snapshot, all of it unless something else is asked for. */
export function inputForTest(snapshot: Snapshot, more: Partial<PushInput> = {}, before: Snapshot | null = null): PushInput {
  const rates = deriveRates(before, snapshot);
  return { frame: { snapshot, rates, row: machineRow(snapshot, rates) }, platform: 'linux', include: [], exclude: [], labels: {}, ...more };
}

/** What this machine says now, everything that is read without being asked for by name. */
export async function snapshotForTest(): Promise<Snapshot> {
  const sampler = openSampler(openHost());
  try {
    return await sampler.take(6);
  } finally {
    sampler.close();
  }
}
