import { setImmediate as pause } from 'node:timers/promises';
import { HecateError } from '@hecate/host';
import { dayOf } from '../day/day-file.ts';
import { createDayOpener } from '../day/open-day.ts';
import { listDays } from '../analyze/period-days.ts';
import { COLUMN_INDEX } from '../record/columns.ts';
import type { History, HistoryQuery } from './history.ts';
import { seriesMeta } from './series.ts';

/** A chart of more days than this belongs into a report. */
const MOST_DAYS = 31;

/** The sums of one series, a cell a point. */
interface Sums {
  readonly sum: Float64Array;
  readonly count: Uint32Array;
}

/**
 * What the day files in `directory` say of a stretch of time, as the pieces of the JSON object that `/api/v1/history`
 * answers. Single cores, disks and interfaces are not in day files: `recent` brings what is still in memory of them.
 * Values are averaged over `step` seconds. Reading gives way to others after each column, so that sampling goes on.
 * Rejects with INVALID for a stretch of more than 31 days; days that were not recorded have no points.
 */
export async function readRecordedHistory(
  directory: string,
  query: HistoryQuery & { readonly step: number },
  recent?: History,
): Promise<Iterable<string>> {
  const { from, to } = query;
  const step = Math.max(1, query.step);
  if (to - from > MOST_DAYS * 86_400) {
    throw new HecateError('INVALID', `A stretch of more than ${MOST_DAYS} days is too long for a chart.`, {
      hint: 'hecate analyze reports on long periods.',
    });
  }
  const first = Math.floor(from / step);
  const points = Math.floor(to / step) - first + 1;
  const sums = new Map<string, Sums>();
  const seen = new Uint8Array(points);
  const wanted = (id: string): boolean => query.series?.includes(id) ?? true;
  const add = (id: string, time: number, value: number): void => {
    const point = Math.floor(time / step) - first;
    if (point < 0 || point >= points || Number.isNaN(value)) return;
    let into = sums.get(id);
    if (!into) sums.set(id, (into = { sum: new Float64Array(points), count: new Uint32Array(points) }));
    into.sum[point]! += value;
    into.count[point]! += 1;
  };
  const opener = createDayOpener(directory, dayOf(Date.now() / 1000));
  for (const name of listDays(directory, { start: dayOf(from), end: dayOf(to) })) {
    const day = await opener.open(name);
    const times = new Float64Array(day.rows);
    const values = new Float64Array(day.rows);
    day.readTimes(times);
    for (const time of times) {
      const point = Math.floor(time / 1000 / step) - first;
      if (point >= 0 && point < points) seen[point] = 1;
    }
    for (const [column, id] of day.columns.entries()) {
      if (!COLUMN_INDEX.has(id) || !wanted(id)) continue;
      await pause();
      day.readColumn(column, values);
      for (let row = 0; row < times.length; row++) add(id, times[row]! / 1000, values[row]!);
    }
  }
  recent?.visit(from, to, (id, time, value) => {
    if (!COLUMN_INDEX.has(id) && wanted(id)) add(id, time, value);
  });
  return encode(step, first, seen, sums);
}

function* encode(step: number, first: number, seen: Uint8Array, sums: ReadonlyMap<string, Sums>): Generator<string> {
  const points = [...seen.keys()].filter((point) => seen[point] === 1);
  yield `{"step":${step},"time":[${points.map((point) => (first + point) * step).join(',')}],"series":{`;
  const ids = [...sums].filter(([, { count }]) => count.some((value) => value > 0));
  for (const [position, [id, { sum, count }]] of ids.entries()) {
    const factor = 10 ** (seriesMeta(id)?.decimals ?? 3);
    const values = points.map((point) => (count[point] ? Math.round((sum[point]! / count[point]) * factor) / factor : 'null'));
    yield `${position ? ',' : ''}${JSON.stringify(id)}:[${values.join(',')}]`;
  }
  yield `},"meta":${JSON.stringify(Object.fromEntries(ids.map(([id]) => [id, seriesMeta(id)])))}}`;
}
