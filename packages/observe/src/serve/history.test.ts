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
