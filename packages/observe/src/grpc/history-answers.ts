import type { MessageInitShape } from '@bufbuild/protobuf';
import { HecateError } from '@hecate/host';
import { joinPieces } from '../serve/pieces.ts';
import { newestMoment, readHistory } from '../serve/routes/history.ts';
import type { SeriesMeta } from '../serve/series.ts';
import { subscriptionOf } from '../serve/stream/subscription.ts';
import type { HistoryRequest, HistoryResponseSchema } from './gen/hecate/v1/hecate_pb.ts';
import type { GrpcContext } from './grpc-options.ts';
import { momentOf } from './process-answers.ts';

type HistoryMessage = MessageInitShape<typeof HistoryResponseSchema>;

/** Seconds back from `to` where nothing is said. */
const USUAL = 900;

/** A list of numbers of the JSON of an answer; NaN for null. */
const numbersIn = (json: string): number[] => (JSON.parse(json) as (number | null)[]).map((value) => value ?? Number.NaN);

/** One list in a table of lists: its name, and its numbers as JSON. */
type Listed = readonly [name: string, numbers: string];
type Lists = Generator<Listed, number>;

/**
 * The lists of the table `name` in the JSON of a history, one by one: all of it at once would hold the event loop for too long. The JSON
 * is our own, and its lists hold numbers only.
 */
function* listsOf(json: string, name: 'series' | 'min' | 'max', from: number): Lists {
  const start = `"${name}":{`;
  let at = json.indexOf(start, from) + start.length;
  while (json[at] !== '}') {
    const entry = /,?("(?:[^"\\]|\\.)*"):/y;
    entry.lastIndex = at;
    const head = entry.exec(json);
    if (!head) throw new Error(`The history is no table of lists at ${at}.`);
    const end = json.indexOf(']', entry.lastIndex) + 1;
    yield [JSON.parse(head[1]!) as string, json.slice(entry.lastIndex, end)];
    at = end;
  }
  return at;
}

/** What a generator returns when all that it brings is passed by. */
function endOf<Result>(generator: Generator<unknown, Result>): Result {
  for (;;) {
    const { done, value } = generator.next();
    if (done) return value;
  }
}

/** The times, then the series one by one. Throws INVALID for a bad request. */
export async function* answerHistory(context: GrpcContext, request: HistoryRequest): AsyncGenerator<HistoryMessage> {
  const { step, band } = request;
  if (!(step >= 0 && step <= 8.64e12)) throw new HecateError('INVALID', 'step must be a number of seconds that is not negative.');
  const { series } = subscriptionOf({ type: 'subscribe', series: request.series.length === 0 ? null : request.series });
  const to = momentOf(request.to ?? newestMoment(context.hub), 'to');
  const from = momentOf(request.from ?? Math.max(0, to - USUAL), 'from');
  const json = await joinPieces(await readHistory(context, { from, to, step, band, ...(series ? { series } : {}) }));
  const timesAt = json.indexOf('"time":[') + '"time":'.length;
  const timesEnd = json.indexOf(']', timesAt) + 1;
  const steps = Number(/"step":([\d.e+-]+)/.exec(json.slice(0, timesAt))?.[1] ?? 0);
  yield { part: { case: 'times', value: { step: steps, time: numbersIn(json.slice(timesAt, timesEnd)) } } };
  const [means, lows, highs, end] = tablesOf(json, timesEnd, band);
  const meta = JSON.parse(json.slice(json.indexOf('"meta":', end) + '"meta":'.length, -1)) as Readonly<
    Record<string, SeriesMeta | undefined>
  >;
  for (const [id, numbers] of means) {
    const { label, unit } = meta[id] ?? { label: '', unit: '' };
    yield { part: { case: 'series', value: { id, mean: numbersIn(numbers), min: bandOf(lows), max: bandOf(highs), label, unit } } };
  }
}

/** The means, the least and the greatest values, which stand in the same order, and where the last of them end. */
function tablesOf(json: string, from: number, band: boolean): [Lists, Lists | null, Lists | null, number] {
  const afterMeans = endOf(listsOf(json, 'series', from));
  if (!band) return [listsOf(json, 'series', from), null, null, afterMeans];
  const afterLows = endOf(listsOf(json, 'min', afterMeans));
  const afterHighs = endOf(listsOf(json, 'max', afterLows));
  return [listsOf(json, 'series', from), listsOf(json, 'min', afterMeans), listsOf(json, 'max', afterLows), afterHighs];
}

function bandOf(lists: Lists | null): number[] {
  const next = lists?.next();
  return next && !next.done ? numbersIn(next.value[1]) : [];
}
