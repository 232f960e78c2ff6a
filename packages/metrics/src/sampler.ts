import { setImmediate as pause } from 'node:timers/promises';
import { systemName } from '@hecate/host';
import type { Host } from '@hecate/host';
import { isSliced } from './model/collector.ts';
import type { Lane, Reader } from './model/collector.ts';
import { collectGaps } from './model/gap.ts';
import type { Gap } from './model/gap.ts';
import type { AnyCollector, CollectorName, CollectorRun, Snapshot } from './model/snapshot.ts';
import { COLLECTOR_NAMES } from './model/collector-names.ts';
import { createTicker } from './ticker.ts';

/** Which collectors a sampler reads and how. */
export interface SamplerOptions {
  /** Names of the collectors; by default all that are not read on request only. */
  readonly only?: readonly CollectorName[];
  /** Names of collectors that are read on request only, to be read beside the default ones. */
  readonly with?: readonly CollectorName[];
  /** Seconds between two reads of a slow collector. Default 10. */
  readonly slowPeriod?: number;
  /** Seconds between two reads of a rare one. Default 600. */
  readonly rarePeriod?: number;
  /** Milliseconds that sampling may hold the event loop at a stretch. Default 1. */
  readonly slice?: number;
  /**
   * Seconds between two reads of a collector that are enough now, asked at every tick; its own period where that is longer.
   * So what is dear and looked at by nobody is read rarely, and at the next tick when somebody looks. `lane` is the one that it is in
   * now: `slow` for a fast one that has to ask programs. Default 0 for all.
   */
  readonly demand?: (name: CollectorName, lane: Lane) => number;
}

/** Takes snapshots of one machine. It keeps files open: close it. */
export interface Sampler {
  /**
   * Takes a snapshot. Fast collectors are read now, if their reading is in demand; for the others the last reading counts, and it
   * is waited for them at most `patience` seconds when they have none yet (default 0.25).
   */
  take(patience?: number): Promise<Snapshot>;
  /** How a collector's last read was made: which of several ways, and why not a better one; nothing where there is nothing to say. */
  notes(name: CollectorName): readonly string[];
  /** Gives all descriptors back. Later snapshots are refused. */
  close(): void;
}

interface Station {
  readonly collector: AnyCollector;
  reader: Reader<unknown> | undefined;
  /** The last reading, null when it failed; undefined before the first. */
  reading: unknown;
  gaps: readonly Gap[];
  run: CollectorRun | undefined;
  startedAt: number;
  pending: Promise<void> | undefined;
}

/** What a reading may be too young by and is taken anew all the same: ticks come some milliseconds early or late. */
const tolerance = (period: number): number => Math.min(0.5, period / 10);

/** Opens a sampler on a machine with these collectors. Nothing is read before the first snapshot. */
export function openSamplerOf(collectors: readonly AnyCollector[], host: Host, options: SamplerOptions = {}): Sampler {
  const { slowPeriod = 10, rarePeriod = 600, slice = 1, demand = () => 0 } = options;
  const lanePeriod: Readonly<Record<Lane, number>> = { fast: 0, slow: slowPeriod, rare: rarePeriod };
  const wanted = collectors.filter(
    ({ name, onRequest }) => options.only?.includes(name) ?? (!onRequest || options.with?.includes(name) === true),
  );
  const stations = wanted.map((collector): Station => ({
    collector,
    reader: undefined,
    reading: undefined,
    gaps: [],
    run: undefined,
    startedAt: -Infinity,
    pending: undefined,
  }));
  const missing = missingGaps(host, options.only, collectors);
  let closed = false;
  let sliceStart = 0;
  let turn: Promise<void> = Promise.resolve();

  const laneOf = ({ collector, reader }: Station): Lane => reader?.lane?.() ?? collector.lane;
  const ownPeriod = (station: Station): number => Math.max(station.collector.period ?? 0, lanePeriod[laneOf(station)]);
  const hasPassed = (period: number, { startedAt }: Station, now: number): boolean => now - startedAt >= period - tolerance(period);
  /** Who would not be due by its own period is not asked about: that is most collectors at most ticks. */
  const isDue = (station: Station, now: number): boolean =>
    hasPassed(ownPeriod(station), station, now) && hasPassed(demand(station.collector.name, laneOf(station)), station, now);

  /** Gives way to the event loop when the slice is used up. Of several reads that wait, one goes on at each turn of the loop. */
  const breathe = async (): Promise<void> => {
    if (performance.now() - sliceStart < slice) return;
    turn = turn.then(() => pause());
    await turn;
    sliceStart = performance.now();
  };

  const readStation = async (station: Station): Promise<void> => {
    const { collector } = station;
    const gaps: Gap[] = [];
    const sink = collectGaps(gaps);
    const readAt = host.clock.monotonic();
    const start = performance.now();
    station.startedAt = readAt;
    let reading: unknown = null;
    try {
      station.reader ??= collector.open(host) as Reader<unknown>;
      const read = station.reader.read(sink);
      if (isSliced(read)) {
        let step = read.next();
        while (!step.done) {
          await breathe();
          step = read.next();
        }
        reading = step.value;
      } else reading = read instanceof Promise ? await read : read;
    } catch (error) {
      gaps.length = 0;
      sink.addError(collector.name, error);
    }
    station.reading = reading;
    station.gaps = gaps;
    station.run = { collector: collector.name, seconds: (performance.now() - start) / 1000, success: reading !== null, readAt };
    if (closed) station.reader?.close();
  };

  /** Lets a read come to its end beside the ticks. */
  const leave = (station: Station, read: Promise<void>): void => {
    station.pending = read.finally(() => {
      station.pending = undefined;
    });
  };

  const startSlow = async (): Promise<void> => {
    const now = host.clock.monotonic();
    for (const station of stations) {
      if (laneOf(station) === 'fast' || station.pending || !isDue(station, now)) continue;
      leave(station, readStation(station));
      await breathe();
    }
  };

  const waitForSlow = async (patience: number): Promise<void> => {
    const first = stations.flatMap(({ pending, reading }) => (pending && reading === undefined ? [pending] : []));
    if (first.length === 0) return;
    const done = new AbortController();
    await Promise.race([
      Promise.all(first),
      new Promise((resolve) => {
        const timer = setTimeout(resolve, patience * 1000);
        done.signal.addEventListener('abort', () => clearTimeout(timer));
      }),
    ]);
    done.abort();
  };

  return {
    async take(patience = 0.25) {
      if (closed) throw new Error('The sampler is closed.');
      sliceStart = performance.now();
      const time = host.clock.now();
      const monotonic = host.clock.monotonic();
      await startSlow();
      for (const station of stations) {
        if (laneOf(station) !== 'fast' || station.pending || !isDue(station, monotonic)) continue;
        const read = readStation(station);
        // Its way turned out to be a long one: a tick does not wait for programs.
        if (laneOf(station) === 'fast') await read;
        else leave(station, read);
        await breathe();
      }
      await waitForSlow(patience);
      return assemble(time, monotonic, stations, missing);
    },
    notes: (name) => stations.find(({ collector }) => collector.name === name)?.reader?.notes?.() ?? [],
    close() {
      closed = true;
      for (const { pending, reader } of stations) {
        if (pending) reader?.cancel?.();
        else reader?.close();
      }
    },
  };
}

/** Gaps of what was asked for and none of the collectors reads. */
function missingGaps(host: Host, only: readonly CollectorName[] | undefined, collectors: readonly AnyCollector[]): Gap[] {
  const offered = new Set(collectors.map(({ name }) => name));
  const asked = (name: CollectorName): boolean => only?.includes(name) ?? true;
  return COLLECTOR_NAMES.filter((name) => asked(name) && !offered.has(name)).map((name) => ({
    field: name,
    reason: 'unsupported',
    detail: `hecate cannot read this on ${systemName(host.platform)} yet.`,
  }));
}

function assemble(time: number, monotonic: number, stations: readonly Station[], missing: readonly Gap[]): Snapshot {
  const readings = Object.fromEntries(COLLECTOR_NAMES.map((name): [CollectorName, unknown] => [name, null]));
  const gaps: Gap[] = [...missing];
  const runs: CollectorRun[] = [];
  for (const { collector, reading, gaps: own, run } of stations) {
    if (!run) {
      gaps.push({ field: collector.name, reason: 'timeout', detail: 'It has not answered yet.' });
      continue;
    }
    readings[collector.name] = reading;
    gaps.push(...own);
    runs.push(run);
  }
  return { time, monotonic, gaps, runs, ...readings } as unknown as Snapshot;
}

/** When samples are taken. */
export interface SampleOptions extends SamplerOptions {
  /** Seconds between two snapshots. Default 1. */
  readonly interval?: number;
  /** Ends the iteration; the generator returns, it does not throw. */
  readonly signal?: AbortSignal;
}

/**
 * Snapshots for ever, or until the signal: an async iterator. Ticks lie on whole multiples of the interval by the
 * wall clock and do not drift; a tick that was missed is skipped, never made up for.
 */
export async function* sampleOf(
  collectors: readonly AnyCollector[],
  host: Host,
  options: SampleOptions = {},
): AsyncGenerator<Snapshot, void, undefined> {
  const { interval = 1, signal } = options;
  const sampler = openSamplerOf(collectors, host, options);
  const ticker = createTicker(host.clock, interval);
  try {
    while (!signal?.aborted) {
      yield await sampler.take();
      // A recording goes on to its next moment; at its last one it stays.
      if (host.recording?.next() !== true && (await ticker.wait(signal)) === null) return;
    }
  } finally {
    sampler.close();
  }
}
