import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSeriesStore } from '../src/series-store.ts';

test('rows come back as they went in, oldest dropped first', () => {
  const store = createSeriesStore(4);
  for (let time = 1; time <= 11; time++) expect(store.append(time, { a: time * 10 }, 1)).toBe(true);
  expect(store.length).toBe(4);
  expect(store.first()).toBe(8);
  expect(store.last()).toBe(11);
  expect(store.latest('a')).toBe(110);
  expect(store.select(['a'], 0, 99)).toEqual([
    [8, 9, 10, 11],
    [80, 90, 100, 110],
  ]);
});

test('a row that is not newer is ignored', () => {
  const store = createSeriesStore(4);
  store.append(5, { a: 1 }, 1);
  expect(store.append(5, { a: 2 }, 1)).toBe(false);
  expect(store.append(4, { a: 3 }, 1)).toBe(false);
  expect(store.latest('a')).toBe(1);
});

test('what is not known is null, and a series that never was known does not exist', () => {
  const store = createSeriesStore(8);
  store.append(1, { a: 1, never: null }, 1);
  store.append(2, { a: null, b: 7 }, 1);
  expect(store.ids()).toEqual(['a', 'b']);
  expect(store.latest('a')).toBeNull();
  expect(store.select(['a', 'b', 'never'], 0, 9)).toEqual([
    [1, 2],
    [1, null],
    [null, 7],
    [null, null],
  ]);
});

test('a series that a device leaves behind is null from then on', () => {
  const store = createSeriesStore(2);
  store.append(1, { a: 1, gone: 5 }, 1);
  for (let time = 2; time < 9; time++) store.append(time, { a: time }, 1);
  expect(store.select(['gone'], 0, 99)[1]).toEqual([null, null]);
});

test('a hole in time becomes a row of nulls; a late tick does not', () => {
  const store = createSeriesStore(8);
  store.append(10, { a: 1 }, 1);
  store.append(12.9, { a: 2 }, 1);
  store.append(20, { a: 3 }, 1);
  expect(store.select(['a'], 0, 99)).toEqual([
    [10, 12.9, 16.45, 20],
    [1, 2, null, 3],
  ]);
});

test('select reaches one row past each edge', () => {
  const store = createSeriesStore(16);
  for (let time = 1; time <= 9; time++) store.append(time, { a: time }, 1);
  expect(store.select(['a'], 3.5, 6.5)[0]).toEqual([3, 4, 5, 6, 7]);
});

test('a backfill after a reconnect fills the hole and repeats nothing', () => {
  const store = createSeriesStore(100);
  for (let time = 1; time <= 5; time++) store.append(time + 0.002, { a: time }, 1);
  for (let time = 9; time <= 10; time++) store.append(time + 0.002, { a: time }, 1);
  store.merge({
    step: 1,
    time: [3.002, 4.002, 5.002, 6.002, 7.002, 8.002, 9.002, 10.002],
    series: { a: [3, 4, 5, 6, 7, 8, 9, 10], b: [1, 1, 1, 1, 1, 1, 1, 1] },
  });
  expect(store.select(['a'], 0, 99)[1]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(store.select(['b'], 0, 99)[1]).toEqual([null, null, 1, 1, 1, 1, 1, 1, 1, 1]);
});

test('coarse history goes in front of fine rows, not between them', () => {
  const store = createSeriesStore(100);
  for (let time = 20; time <= 24; time++) store.append(time, { a: 1 }, 1);
  store.merge({ step: 4, time: [4, 8, 12, 16, 20, 24], series: { a: [9, 9, 9, 9, 9, 9] } });
  expect(store.select(['a'], 0, 99)).toEqual([
    [4, 8, 12, 16, 20, 21, 22, 23, 24],
    [9, 9, 9, 9, 1, 1, 1, 1, 1],
  ]);
});

test('merging any overlapping batches gives each time once, in order', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 20 })), { maxLength: 8 }), (stretches) => {
      const store = createSeriesStore(100);
      const expected = new Set<number>();
      for (const [from, length] of stretches) {
        const time = Array.from({ length: length + 1 }, (_, index) => from + index);
        time.forEach((at) => expected.add(at));
        store.merge({ step: 1, time, series: { a: time } });
      }
      const order = [...expected].sort((a, b) => a - b);
      const [time, values] = store.select(['a'], -1, 999);
      expect(time.filter((_, row) => values![row] !== null)).toEqual(order);
      expect(values!.filter((value) => value !== null)).toEqual(order);
    }),
  );
});

test('nearest and value', () => {
  const store = createSeriesStore(4);
  expect(store.nearest(3)).toBe(-1);
  for (let time = 1; time <= 6; time++) store.append(time, { a: time }, 1);
  expect(store.value('a', store.nearest(4.4))).toBe(4);
  expect(store.value('a', store.nearest(4.6))).toBe(5);
  expect(store.value('a', store.nearest(-9))).toBe(3);
  expect(store.value('a', store.nearest(99))).toBe(6);
});
