import { appendFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { dayFileName, dayOf, encodeTimestamp } from '../day/day-file.ts';
import { local, temporary } from '../record/recorder.testing.ts';
import { openRecordedRows } from './recorded-rows.ts';

/** Day files with a row at each of these times; its `load1` is the place in the list. */
function dayFilesOf(times: readonly number[]): string {
  const directory = temporary();
  const days = new Map<string, { readonly time: number; readonly place: number }[]>();
  for (const [place, time] of times.entries()) days.set(dayOf(time), [...(days.get(dayOf(time)) ?? []), { time, place }]);
  for (const [day, rows] of days) {
    const lines = rows.map(({ time, place }) => `${encodeTimestamp(time)},${place},,9.5\n`);
    writeFileSync(path.join(directory, dayFileName(day)), `timestamp,load1,load5,cpu_usage_percent\n${lines.join('')}`);
  }
  return directory;
}

const NOON = local(2026, 3, 10, 12);
const seconds = (from: number, count: number, step = 1): number[] => Array.from({ length: count }, (_, at) => from + at * step);

test('the row at a moment or before it, with all columns or some; unknown is null', async () => {
  const rows = openRecordedRows(dayFilesOf(seconds(NOON, 60)));
  expect(await rows.at(NOON + 10.7)).toEqual({
    time: NOON + 10,
    values: new Map([
      ['load1', 10],
      ['load5', null],
      ['cpu_usage_percent', 9.5],
    ]),
  });
  expect(await rows.at(NOON + 59, ['load1', 'nothing'])).toEqual({ time: NOON + 59, values: new Map([['load1', 59]]) });
  expect(await rows.at(NOON - 0.1)).toBeNull();
  expect(rows.days()).toEqual(['2026-03-10']);
});

test('a gap is one: a row is the answer for three of its intervals, five seconds at least', async () => {
  const quick = openRecordedRows(dayFilesOf([...seconds(NOON, 20), ...seconds(NOON + 600, 20)]));
  expect((await quick.at(NOON + 24))?.time).toBe(NOON + 19);
  expect(await quick.at(NOON + 25)).toBeNull();
  expect((await quick.at(NOON + 600))?.time).toBe(NOON + 600);
  const slow = openRecordedRows(dayFilesOf(seconds(NOON, 20, 60)));
  expect((await slow.at(NOON + 19 * 60 + 170))?.time).toBe(NOON + 19 * 60);
  expect(await slow.at(NOON + 19 * 60 + 190)).toBeNull();
});

test('after midnight the last row may be of the day before; without any day there is nothing', async () => {
  const midnight = local(2026, 3, 11);
  const rows = openRecordedRows(dayFilesOf([...seconds(midnight - 20, 20), ...seconds(midnight + 4, 10)]));
  expect((await rows.at(midnight + 3))?.time).toBe(midnight - 1);
  expect((await rows.at(midnight + 4))?.time).toBe(midnight + 4);
  const empty = openRecordedRows(temporary());
  expect(await empty.at(NOON)).toBeNull();
  expect(empty.days()).toEqual([]);
});

test('from the first row to the last one; a day that goes on is read anew when what is asked for may be in what came since', async () => {
  const directory = dayFilesOf([...seconds(NOON - 86_400, 5), ...seconds(NOON, 20)]);
  const rows = openRecordedRows(directory);
  expect(await rows.span()).toEqual({ from: NOON - 86_400, to: NOON + 19 });
  expect(await rows.span('2026-03-09')).toEqual({ from: NOON - 86_400, to: NOON - 86_396 });
  expect(await rows.span('2026-03-08')).toBeNull();
  expect((await rows.at(NOON + 20))?.time).toBe(NOON + 19);
  appendFileSync(path.join(directory, dayFileName(dayOf(NOON))), `${encodeTimestamp(NOON + 20)},99,,9.5\n`);
  expect((await rows.at(NOON + 20, ['load1']))?.values.get('load1')).toBe(99);
  expect(await openRecordedRows(temporary()).span()).toBeNull();
});

test('the clock put back: of two rows of one moment the later one', async () => {
  const rows = openRecordedRows(dayFilesOf([...seconds(NOON, 30), ...seconds(NOON + 10, 5)]));
  expect((await rows.at(NOON + 12, ['load1']))?.values.get('load1')).toBe(32);
  expect((await rows.at(NOON + 25, ['load1']))?.values.get('load1')).toBe(25);
});
