import { expect, test } from 'vitest';
import { carryTurned } from './carry.ts';
import { createColumns } from './columns.ts';
import { shareColumn } from './share.ts';

const column = (...values: number[]): Float64Array => Float64Array.from(values);
const { NaN: none } = Number;

test('a new reading makes the last one the earlier, and none keeps both', () => {
  const first = carryTurned([column(10, none)], column(1, 1), 2, null, null);
  expect(first).toMatchObject({ values: [column(10, none)], time: column(1, none), earlierValues: [column(none, none)] });
  const second = carryTurned([column(none, 5)], column(2, 2), 2, first, null);
  expect(second).toMatchObject({ values: [column(10, 5)], time: column(1, 2), earlierTime: column(none, none) });
  const third = carryTurned([column(30, none)], column(3, 3), 2, second, null);
  expect(third).toMatchObject({
    values: [column(30, 5)],
    earlierValues: [column(10, none)],
    time: column(3, 2),
    earlierTime: column(1, none),
  });
});

test('rows that moved take their readings along, new ones have none', () => {
  const before = carryTurned([column(10, 20)], column(1, 1), 2, null, null);
  const after = carryTurned([column(none, none, 7)], column(2, 2, 2), 3, before, Int32Array.of(1, -1, 0));
  expect(after).toMatchObject({ values: [column(20, none, 7)], earlierValues: [column(none, none, 10)], time: column(1, none, 2) });
});

test('where nothing was read and nobody moved, nothing is copied', () => {
  const before = carryTurned([column(10)], column(1), 1, null, null);
  expect(carryTurned([column(none)], column(2), 1, before, null)).toBe(before);
});

test('columns that did not change are shared, others are copies', () => {
  const working = column(1, 2, 99);
  const first = shareColumn(working, 2, undefined);
  expect(first).toEqual(column(1, 2));
  expect(shareColumn(working, 2, first)).toBe(first);
  working[1] = 3;
  const second = shareColumn(working, 2, first);
  expect(second).toEqual(column(1, 3));
  expect(first).toEqual(column(1, 2));
  expect(shareColumn(working, 3, second).length).toBe(3);
});

test('working memory grows and keeps what is in it', () => {
  const columns = createColumns(2);
  columns.pid[1] = 7;
  columns.rss[0] = 5;
  const { capacity } = columns;
  columns.reserve(capacity);
  expect(columns.capacity).toBe(capacity);
  columns.reserve(capacity + 1);
  expect(columns.capacity).toBeGreaterThan(capacity);
  expect([columns.pid[1], columns.rss[0], columns.rss[capacity]]).toEqual([7, 5, Number.NaN]);
  expect(columns.state.length).toBe(columns.capacity);
});
