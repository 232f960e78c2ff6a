import { setTimeout as sleep } from 'node:timers/promises';
import type { Host } from '@hecate/host';
import { deriveRates, longestBetween, openSampler } from '@hecate/metrics';
import type { CollectorName, Lane, Rates, Snapshot } from '@hecate/metrics';
import { machineRow } from '../machine-row.ts';
import { measuringPeriod } from '../measuring.ts';
import type { RowSource } from './row-source.ts';

/** What no column needs: reading it would cost for nothing. */
const COLLECTORS = [
  'cpu',
  'load',
  'pressure',
  'memory',
  'disk',
  'filesystem',
  'network',
  'processes',
  'sensors',
  'thermal',
  'energy',
  'gpu',
] as const;

/** Seconds between the first snapshot and the first row at least: the kernel counts CPU time in hundredths, and none may have passed in less. */
const BASELINE_AGE = 0.03;
/** Seconds in which what a program measures is measured as often as ever: a short recording has watts too. */
const OWN_PACE = 60;

/**
 * The machine itself as a source of rows. A first snapshot is taken at once, so that the first row has rates.
 * `interval`, in seconds, is what is usual between two rows: after much more (`longestBetween`) rates are null.
 * `onSnapshot` gets what each row was made of.
 */
export async function openSelfSource(host: Host, interval: number, onSnapshot?: (snapshot: Snapshot) => void): Promise<RowSource> {
  const begun = host.clock.monotonic();
  const demand = (name: CollectorName, lane: Lane): number =>
    host.clock.monotonic() - begun < OWN_PACE ? 0 : measuringPeriod(host, name, lane);
  const sampler = openSampler(host, { only: COLLECTORS, demand });
  const longest = longestBetween(interval);
  let before = await sampler.take();
  await sleep(BASELINE_AGE * 1000);
  let last: Rates | null = null;
  return {
    name: 'this machine',
    async read() {
      const snapshot = await sampler.take();
      const rates = deriveRates(before, snapshot, longest, last);
      before = snapshot;
      last = rates;
      onSnapshot?.(snapshot);
      return { time: snapshot.time, values: machineRow(snapshot, rates) };
    },
    close: async () => sampler.close(),
  };
}
