import { expect, test } from 'vitest';
import { axisRange, axisSteps, roundUp } from '../src/axis-range.ts';
import { formatAxisQuantity, formatAxisTime, formatCpuTime, formatDuration, formatQuantity } from '../src/format-quantity.ts';

const plain = (text: string): string => text.replaceAll('\u202f', ' ');

test.each([
  [null, 'bytes', '–'],
  [Number.NaN, 'bytes', '–'],
  [0, 'bytes', '0 B'],
  [1023, 'bytes', '1023 B'],
  [1536, 'bytes', '1.50 KiB'],
  [24 * 2 ** 30, 'bytes', '24 GiB'],
  [2 ** 40 - 1, 'bytes', '1.00 TiB'],
  [-1500, 'count', '-1.50k'],
  [12.3e6, 'bytes/second', '12.3 MB/s'],
  [999_900, 'bytes/second', '1.00 MB/s'],
  [0.2, 'bytes/second', '0 B/s'],
  [3.21, 'percent', '3.2 %'],
  [99.7, 'percent', '100 %'],
  [0, 'percent', '0 %'],
  [0.000_45, 'seconds', '450 µs'],
  [0.0041, 'seconds', '4.10 ms'],
  [0, 'seconds', '0 s'],
  [0.5, 'load', '0.50'],
  [12_345, 'count/second', '12.3k/s'],
  [7, 'count', '7'],
  [45.2, 'celsius', '45.2 °C'],
  [3.2e9, 'hertz', '3.20 GHz'],
])('%s %s is %s', (value, unit, text) => {
  expect(plain(formatQuantity(value, unit))).toBe(text);
});

test('axis labels have no needless digits and no sign', () => {
  expect(plain(formatAxisQuantity(-2.5e6, 'bytes/second'))).toBe('2.5 MB/s');
  expect(plain(formatAxisQuantity(50, 'percent'))).toBe('50 %');
  expect(plain(formatAxisQuantity(100, 'count'))).toBe('100');
  expect(plain(formatAxisQuantity(1.0, 'load'))).toBe('1');
});

test('durations have two units at most', () => {
  expect(plain(formatDuration(273_400))).toBe('3 d 3 h');
  expect(plain(formatDuration(86_400))).toBe('1 d');
  expect(plain(formatDuration(65))).toBe('1 min 5 s');
  expect(plain(formatDuration(0.4))).toBe('0 s');
  expect(formatDuration(null)).toBe('–');
});

test('times of CPU are as ps prints them', () => {
  expect(formatCpuTime(62.34)).toBe('1:02.34');
  expect(formatCpuTime(11_045)).toBe('3:04:05');
});

test('time axes show seconds, minutes or days as needed', () => {
  const noon = new Date(2026, 10, 21, 12, 5, 7).getTime() / 1000;
  expect(formatAxisTime(noon, 5)).toBe('12:05:07');
  expect(formatAxisTime(noon, 60)).toBe('12:05');
  expect(formatAxisTime(new Date(2026, 10, 21).getTime() / 1000, 3600)).toBe('11-21');
  expect(formatAxisTime(noon, 86_400)).toBe('11-21');
});

test('axes end at round numbers that hold the data', () => {
  expect(roundUp(3.2e6, 'bytes/second')).toBe(4e6);
  expect(roundUp(5 * 2 ** 30, 'bytes')).toBe(6 * 2 ** 30);
  expect(roundUp(0, 'count')).toBe(0);
  for (const value of [1, 7, 99, 100, 12_345, 9.9e9]) expect(roundUp(value, 'count')).toBeGreaterThanOrEqual(value);
  expect(axisRange(null, null, 'percent', 5, false)).toEqual([0, 5]);
  expect(axisRange(-300, 2500, 'bytes/second', 1000, true)).toEqual([-1000, 2500]);
  expect(axisSteps('bytes')).toContain(2 ** 30);
});
