import { expect, test } from 'vitest';
import { createHistory } from './history.ts';
import type { HistoryQuery } from './history.ts';

const ask = (
  history: ReturnType<typeof createHistory>,
  query: HistoryQuery,
): { step: number; time: number[]; series: Record<string, (number | null)[]>; meta: Record<string, unknown> } =>
  JSON.parse([...history.encode(query)].join(''));

test('keeps the newest samples; a series that was not there yet, or is no more, is null', () => {
  const history = createHistory(3);
  expect(history.oldest).toBeNull();
  history.append(1, [{ id: 'load1', value: 1 }]);
  history.append(2, [
    { id: 'load1', value: 2 },
    { id: 'load5', value: 9 },
  ]);
  history.append(3, [{ id: 'load5', value: 8 }]);
  history.append(4, [
    { id: 'load1', value: null },
    { id: 'load5', value: 7 },
  ]);
  expect(history.oldest).toBe(2);
  expect(ask(history, { from: 0, to: 9 })).toMatchObject({
    step: 1,
    time: [2, 3, 4],
    series: { load1: [2, null, null], load5: [9, 8, 7] },
  });
});

test('a step averages what is known', () => {
  const history = createHistory(10);
  for (const [time, value] of [
    [10, 1],
    [11, 3],
    [12, null],
    [13, 5],
    [14, null],
    [15, null],
  ] as const)
    history.append(time, [{ id: 'load1', value }]);
  expect(ask(history, { from: 10, to: 15, step: 2 })).toMatchObject({ step: 2, time: [10, 12, 14], series: { load1: [2, 5, null] } });
});

test('asks for single series, unknown ones are left out, and meta says what they are', () => {
  const history = createHistory(10);
  history.append(1, [
    { id: 'core.3.usage_percent', value: 12.3456 },
    { id: 'load1', value: 1 },
  ]);
  expect(ask(history, { from: 0, to: 2, series: ['core.3.usage_percent', 'nonsense'] })).toEqual({
    step: 1,
    time: [1],
    series: { 'core.3.usage_percent': [12.35] },
    meta: { 'core.3.usage_percent': { unit: 'percent', group: 'core', decimals: 2, label: 'core 3 usage', help: expect.any(String) } },
  });
});

test('holds any number of series that come and go, the silent ones give way', () => {
  const history = createHistory(4);
  for (let time = 0; time < 300; time++) {
    history.append(
      time,
      Array.from({ length: 10 }, (_, i) => ({ id: `network.veth${time * 10 + i}.receive_bytes_per_second`, value: time })),
    );
  }
  const { series } = ask(history, { from: 0, to: 300 });
  expect(Object.keys(series).length).toBeLessThanOrEqual(1024);
  expect(series['network.veth2999.receive_bytes_per_second']).toEqual([null, null, null, 299]);
  expect(series['network.veth2960.receive_bytes_per_second']).toEqual([299, null, null, null].map((_, i) => (i === 0 ? 296 : null)));
});

test('older samples can be put before those that are held, as long as there is room and nothing gave way', () => {
  const history = createHistory(4);
  history.append(10, [{ id: 'load1', value: 10 }]);
  expect(history.prepend(10, [])).toBe(false);
  expect(
    history.prepend(9, [
      { id: 'load5', value: 5 },
      { id: 'load1', value: 9 },
    ]),
  ).toBe(true);
  expect(history.prepend(8, [{ id: 'load1', value: null }])).toBe(true);
  history.append(11, [{ id: 'load5', value: 6 }]);
  expect(history.prepend(7, [{ id: 'load1', value: 7 }])).toBe(false);
  expect(ask(history, { from: 0, to: 99 })).toMatchObject({
    time: [8, 9, 10, 11],
    series: { load1: [null, 9, 10, null], load5: [null, 5, null, 6] },
  });
  history.append(12, [{ id: 'load1', value: 12 }]);
  expect(ask(history, { from: 0, to: 99 })).toMatchObject({ time: [9, 10, 11, 12] });
  expect(history.newest?.ids.indexOf('load1')).toBe(0);
  expect([...Array.from(history.newest!.values)].slice(0, 2)).toEqual([12, Number.NaN]);
});

test('a clock that is set back: times stay in order, and what lies in its future is no longer here', () => {
  const history = createHistory(10);
  for (const time of [100, 101, 102]) history.append(time, [{ id: 'load1', value: time }]);
  for (const time of [50, 51]) history.append(time, [{ id: 'load1', value: time }]);
  expect(ask(history, { from: 0, to: 999 })).toMatchObject({ time: [50, 51], series: { load1: [50, 51] } });
  expect(history.oldest).toBe(50);
  expect(history.length).toBe(2);
});

test('the band has the least and greatest value of every point', () => {
  const history = createHistory(10);
  for (const [index, value] of [1, 5, null, 3].entries()) history.append(10 + index, [{ id: 'load1', value }]);
  expect(ask(history, { from: 0, to: 99, step: 2, band: true })).toMatchObject({
    series: { load1: [3, 3] },
    min: { load1: [1, 3] },
    max: { load1: [5, 3] },
  });
  expect(ask(history, { from: 0, to: 99, step: 2 })).not.toHaveProperty('min');
});
