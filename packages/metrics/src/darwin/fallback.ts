import { HecateError, sentenceOf } from '@hecate/host';
import type { ErrorCode, Host } from '@hecate/host';
import { isSliced } from '../model/collector.ts';
import type { Reader, Sliced, WaitingReader } from '../model/collector.ts';
import { collectGaps, gapReasonOf, isRefusal } from '../model/gap.ts';
import type { Gap, GapReason, GapSink } from '../model/gap.ts';
import { openInquiry } from './inquiry.ts';
import { requireKnownVersionByText } from './text/version.ts';
import type { DirectReader } from './reader.ts';
import { isTooOld } from './version.ts';

/** What programs of macOS tell of a reading: the second tier, asked where the libraries are refused. */
export interface SecondTier<Reading> {
  /** The programs by their names, for people: `vm_stat and sysctl`. */
  readonly programs: string;
  /** The lane of its reads. Default `slow`: every ten seconds. `rare`: every ten minutes, for a program that takes seconds or wakes a radio. */
  readonly lane?: 'rare';
  /** Asks them. What they do not tell is null and goes to `gaps`. Throws their refusal. */
  read(host: Host, gaps: GapSink): Promise<Reading>;
  /** A reading whose fields of these gaps the libraries did not tell, with what the programs tell in their place. */
  readonly parts?: { readonly fields: readonly string[]; fill(reading: Reading, told: Reading): Reading };
}

const CODES: Partial<Record<GapReason, ErrorCode>> = { permission: 'DENIED', unsupported: 'UNSUPPORTED', absent: 'UNAVAILABLE' };

/** One error of both refusals: the reason of the first, the sentences of both. */
function refusedTwice(first: unknown, second: unknown): HecateError {
  const details = { cause: first, ...(first instanceof HecateError && first.hint !== undefined ? { hint: first.hint } : {}) };
  return new HecateError(CODES[gapReasonOf(first)] ?? 'FAILED', `${sentenceOf(first)} ${sentenceOf(second)}`, details);
}

/** Hands gaps on. */
const forward = (from: readonly Gap[], gaps: GapSink): void => {
  for (const { field, reason, detail } of from) gaps.add(field, reason, detail);
};

/** A sink that keeps gaps until they are `released` to `gaps`: those of a read that is refused in the middle are not told. */
function holdGaps(gaps: GapSink): GapSink & { release(): void } {
  const held: Gap[] = [];
  let target = collectGaps(held);
  return {
    add: (field, reason, detail) => target.add(field, reason, detail),
    addError: (field, error) => target.addError(field, error),
    release() {
      target = gaps;
      forward(held, gaps);
    },
  };
}

/** A reading of the programs, and what it lacks. */
interface Told<Reading> {
  readonly reading: Reading;
  readonly gaps: readonly Gap[];
}

/** What is kept of the two tiers of a collector between its reads. */
interface Tiers<Reading> {
  /** The first tier; throws its refusal. */
  first(gaps: GapSink): Reading | Sliced<Reading>;
  /** The second tier, where the first was refused with `why`. Rejects with both refusals. */
  second(why: unknown, gaps: GapSink): Promise<Reading>;
  ask(): Promise<Told<Reading>>;
  note(sentence: string): void;
  readonly rest: Pick<Reader<Reading>, 'notes' | 'lane' | 'cancel' | 'close'>;
}

/** The first tier of a collector: it throws what the libraries refuse. */
interface FirstTier<Reading> {
  read(gaps: GapSink): Reading | Sliced<Reading>;
  notes?(): readonly string[];
  close(): void;
}

/** A sliced read that has made its first step, in which everything that can be refused as a whole is asked. */
function* resume<Reading>(begun: IteratorResult<undefined, Reading>, read: Sliced<Reading>): Sliced<Reading> {
  let step = begun;
  while (!step.done) {
    yield;
    step = read.next();
  }
  return step.value;
}

function openTiers<Reading>(host: Host, native: FirstTier<Reading>, tier: SecondTier<Reading>): Tiers<Reading> {
  const inquiry = openInquiry(host, async (asked): Promise<Told<Reading>> => {
    const gaps: Gap[] = [];
    // Both at once: programs that hang are waited for once.
    const [reading] = await Promise.all([tier.read(asked, collectGaps(gaps)), requireKnownVersionByText(asked, host)]);
    return { reading, gaps };
  });
  let isText = false;
  let own: string[] = [];

  return {
    first(gaps) {
      own = [];
      isText = true;
      const read = native.read(gaps);
      const begun = isSliced(read) ? resume(read.next(), read) : read;
      isText = false;
      return begun;
    },
    async second(why, gaps) {
      try {
        const told = await inquiry.ask();
        forward(told.gaps, gaps);
        own = [`Read from what ${tier.programs} told, as the libraries were refused: ${sentenceOf(why)}`];
        return told.reading;
      } catch (error) {
        if (!isRefusal(error)) throw error;
        throw isTooOld(error) ? error : refusedTwice(why, error);
      }
    },
    ask: () => inquiry.ask(),
    note: (sentence) => own.push(sentence),
    rest: {
      notes: () => [...own, ...(native.notes?.() ?? [])],
      // Programs are not started at every tick.
      lane: () => (isText ? (tier.lane ?? 'slow') : null),
      cancel: () => inquiry.cancel(),
      close() {
        inquiry.cancel();
        native.close();
      },
    },
  };
}

/**
 * A reader of the libraries that asks programs where the libraries are refused as a whole: one that does not load, a symbol that is
 * gone, a call that fails, an answer that is nonsense. A reading of programs is a promise, and puts the reader into the slow lane for
 * as long: no tick waits for it, and what it read last counts in between. A macOS that is too old is not read either way.
 */
export function withPrograms<Reading>(host: Host, native: FirstTier<Reading>, tier: SecondTier<Reading>): Reader<Reading> {
  const { first, second, rest } = openTiers(host, native, tier);
  return {
    ...rest,
    read(gaps) {
      const held = holdGaps(gaps);
      try {
        const read = first(held);
        held.release();
        return read;
      } catch (error) {
        if (!isRefusal(error) || isTooOld(error)) throw error;
        return second(error, gaps);
      }
    },
  };
}

/**
 * The same for a collector that waits anyway. It has parts besides: where the libraries tell a reading but for these fields, the
 * programs are asked for them.
 */
export function withWaitingPrograms<Reading>(
  host: Host,
  native: FirstTier<Reading> & DirectReader<Reading>,
  tier: SecondTier<Reading>,
): WaitingReader<Reading> {
  const { first, second, ask, note, rest } = openTiers(host, native, tier);
  const { fields, fill } = tier.parts ?? { fields: [], fill: (reading: Reading) => reading };
  const fillParts = async (reading: Reading, own: readonly Gap[], gaps: GapSink): Promise<Reading> => {
    const lost = own.filter(({ field }) => fields.includes(field));
    if (lost.length === 0) {
      forward(own, gaps);
      return reading;
    }
    const names = lost.map(({ field }) => field).join(' and ');
    try {
      const told = await ask();
      const missing = new Set(told.gaps.map(({ field }) => field));
      forward([...own.filter((gap) => !lost.includes(gap) || missing.has(gap.field)), ...told.gaps], gaps);
      note(`Of what ${tier.programs} told: ${names}. The libraries were refused: ${lost[0]!.detail}`);
      return fill(reading, told.reading);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      forward(
        own.map((gap) => (lost.includes(gap) ? { ...gap, detail: `${gap.detail} ${sentenceOf(error)}` } : gap)),
        gaps,
      );
      return reading;
    }
  };
  return {
    ...rest,
    async read(gaps) {
      const own: Gap[] = [];
      let reading: Reading;
      try {
        reading = first(collectGaps(own)) as Reading;
      } catch (error) {
        if (!isRefusal(error) || isTooOld(error)) throw error;
        return second(error, gaps);
      }
      return fillParts(reading, own, gaps);
    },
  };
}
