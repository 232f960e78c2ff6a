import { openHost, systemName } from '@hecate/host';
import type { Host } from '@hecate/host';
import { finish, isSliced } from './model/collector.ts';
import type { Collector, Reader } from './model/collector.ts';
import { COLLECTOR_NAMES } from './model/collector-names.ts';
import { collectGaps, isRefusal } from './model/gap.ts';
import type { Gap } from './model/gap.ts';
import { deriveRates, longestBetween } from './model/rates.ts';
import type { Rates } from './model/rates.ts';
import type { AnyCollector, AsynchronousName, CollectorName, Readings, Snapshot } from './model/snapshot.ts';
import { watchEvents } from './events/watch-events.ts';
import type { MachineEvent } from './events/event.ts';
import type { WatchOptions } from './events/watch-options.ts';
import { collectorsOf } from './platform.ts';
import { openRoot } from './rooted.ts';
import { openSamplerOf, sampleOf } from './sampler.ts';
import type { SampleOptions, SamplerOptions } from './sampler.ts';

/**
 * What one domain answered: its reading, or null with the reason.
 * `gaps` names everything in it that is null because it could not be read; `gap` is the reason why there is no reading at all.
 */
export type MetricResult<Reading> =
  | { readonly value: Reading; readonly gap: null; readonly gaps: readonly Gap[] }
  | { readonly value: null; readonly gap: Gap; readonly gaps: readonly Gap[] };

/** A snapshot of a machine: one reading of each domain, taken together. */
export type MetricSnapshot = Snapshot;

/** Two snapshots that follow each other: the later one, and what happened in between. */
export interface MetricSample {
  readonly snapshot: MetricSnapshot;
  /** Null members say why in `rates.gaps`; all are null in the first sample. */
  readonly rates: Rates;
}

/** Reads one domain now. Those that have to wait for the machine (a mount, a program, a bus) give a promise. */
export type MetricRead<Name extends CollectorName> = Name extends AsynchronousName
  ? () => Promise<MetricResult<Readings[Name]>>
  : () => MetricResult<Readings[Name]>;

/** One function a domain: `machine.cpu()`, `machine.memory()`. */
export type MetricReads<Name extends CollectorName> = { readonly [Each in Name]: MetricRead<Each> };

/** A machine that is open for reading. It keeps files open between reads: close it, or declare it with `using`. */
export type Machine<Name extends CollectorName = CollectorName> = MetricReads<Name> & {
  /** Reads every domain once, and waits for the slow ones at most `patience` seconds (default 5). */
  snapshot(options?: SamplerOptions & { readonly patience?: number }): Promise<MetricSnapshot>;
  /**
   * Samples at whole multiples of the interval (default 1 s), with rates from the second one on. Ends when the signal aborts
   * or the loop is left; it then has no timer and no descriptor left.
   */
  sample(options?: SampleOptions): AsyncGenerator<MetricSample, void, undefined>;
  /** Gives all descriptors back. Reads after it open them again. */
  close(): void;
  [Symbol.dispose](): void;
};

/** A machine with everything that hecate can read of it. */
export type WholeMachine = Machine & {
  /**
   * What happens to the machine, told by its kernel: see `watchEvents`. Throws at the call when the options make no sense
   * and where there are no events (a machine of files, an operating system that is not supported).
   */
  events(options?: WatchOptions): AsyncGenerator<MachineEvent, void, undefined>;
};

/** Which machine is opened. */
export interface MachineOptions {
  /** A directory that holds the `proc`, `sys` and `etc` of a recorded or mounted machine. Default: the machine we run on. */
  readonly root?: string;
}

/**
 * Opens a machine with everything that its operating system offers.
 * Throws INVALID when `root` holds no machine. On an operating system that is not supported every domain says `unsupported`.
 */
export function openMachine(options: MachineOptions = {}): WholeMachine {
  const host = options.root === undefined ? openHost() : openRoot(options.root);
  const machine = openMachineOf(collectorsOf(host.platform), host) as Machine;
  return Object.assign(machine, { events: (wanted: WatchOptions = {}) => watchEvents(host, wanted) });
}

/**
 * Opens a machine with some collectors only: a bundler leaves the others out.
 * `openMachineOf([linuxCpu, linuxMemory])` has `cpu()` and `memory()`.
 */
export function openMachineOf<const Own extends readonly AnyCollector[]>(
  collectors: Own,
  host: Host = openHost(),
): Machine<Own[number]['name']> {
  const opened = new Map<CollectorName, Opened>();
  const readOf =
    (collector: AnyCollector): (() => unknown) =>
    () =>
      readDomain(collector as Collector<CollectorName, unknown>, host, opened);
  const byName = new Map(collectors.map((collector): [CollectorName, AnyCollector] => [collector.name, collector]));
  const reads = Object.fromEntries(
    COLLECTOR_NAMES.map((name) => {
      const collector = byName.get(name);
      return [name, collector ? readOf(collector) : () => notOffered(name, host)];
    }),
  );
  const close = (): void => {
    for (const { reader, late } of opened.values()) {
      reader.cancel?.();
      if (late) late.then(reader.close, reader.close);
      else reader.close();
    }
    opened.clear();
  };
  return {
    ...reads,
    async snapshot({ patience = 5, ...wanted } = {}) {
      const sampler = openSamplerOf(collectors, host, wanted);
      try {
        return await sampler.take(patience);
      } finally {
        sampler.close();
      }
    },
    async *sample(wanted: SampleOptions = {}) {
      let before: Snapshot | null = null;
      let rates: Rates | null = null;
      const longest = longestBetween(wanted.interval ?? 1);
      for await (const snapshot of sampleOf(collectors, host, wanted)) {
        rates = deriveRates(before, snapshot, longest, rates);
        before = snapshot;
        yield { snapshot, rates };
      }
    },
    close,
    [Symbol.dispose]: close,
  } as unknown as Machine<Own[number]['name']>;
}

function notOffered(name: CollectorName, host: Host): MetricResult<never> {
  const gap: Gap = { field: name, reason: 'unsupported', detail: `hecate cannot read this on ${systemName(host.platform)} yet.` };
  return { value: null, gap, gaps: [gap] };
}

/** A reader that is kept for the next read. */
interface Opened {
  readonly reader: Reader<unknown>;
  /** A read of a collector whose reads do not wait, that has to wait after all. */
  late: Promise<void> | undefined;
  /** What the last such read gave. */
  answered: (() => MetricResult<unknown>) | undefined;
}

/**
 * What is known now of a collector whose reads do not wait, while its programs are asked: what they answered last.
 * An error of this program is thrown at the next read, when somebody is there to see it.
 */
function readLater(kept: Opened, name: CollectorName, read: Promise<MetricResult<unknown>> | null): MetricResult<unknown> {
  const { answered } = kept;
  if (read) {
    kept.late = read
      .then(
        (result) => () => result,
        (error: unknown) => (): never => {
          throw error;
        },
      )
      .then((next) => {
        kept.answered = next;
        kept.late = undefined;
      });
  }
  if (answered) return answered();
  const gap: Gap = { field: name, reason: 'timeout', detail: 'Programs are asked for it. Read it again, or let snapshot() wait for them.' };
  return { value: null, gap, gaps: [gap] };
}

/** One read of one collector, with its reader kept for the next. */
function readDomain(
  collector: Collector<CollectorName, unknown>,
  host: Host,
  opened: Map<CollectorName, Opened>,
): MetricResult<unknown> | Promise<MetricResult<unknown>> {
  const gaps: Gap[] = [];
  const sink = collectGaps(gaps);
  const failed = (error: unknown): MetricResult<never> => {
    if (!isRefusal(error)) throw error;
    gaps.length = 0;
    sink.addError(collector.name, error);
    return { value: null, gap: gaps[0]!, gaps };
  };
  const result = (value: unknown): MetricResult<unknown> => ({ value, gap: null, gaps });
  try {
    let kept = opened.get(collector.name);
    if (!kept) opened.set(collector.name, (kept = { reader: collector.open(host), late: undefined, answered: undefined }));
    if (kept.late) return readLater(kept, collector.name, null);
    const read = kept.reader.read(sink);
    if (read instanceof Promise) {
      const answer = read.then(result, failed);
      return collector.asynchronous ? answer : readLater(kept, collector.name, answer);
    }
    return result(isSliced(read) ? finish(read) : read);
  } catch (error) {
    return collector.asynchronous ? Promise.resolve(failed(error)) : failed(error);
  }
}
