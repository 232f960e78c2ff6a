import { expect, test } from 'vitest';
import { filesystemRates, fillForecast } from './filesystem.ts';
import type { FilesystemReading } from './filesystem.ts';

const row = (mountpoint: string, used: number | null, available: number | null, minor = 1): FilesystemReading => ({
  device: '/dev/sda1',
  mountpoint,
  fstype: 'ext4',
  major: 8,
  minor,
  root: '/',
  readOnly: false,
  error: used === null ? 'mountpoint timeout' : null,
  size: 1000,
  free: available,
  available,
  used,
  files: null,
  filesFree: null,
});

test('how fast file systems fill, and when they are full', () => {
  const before = [row('/', 100, 900), row('/empties', 500, 500), row('/stands', 1, 999), row('/dead', 5, 5), row('/other', 1, 1)];
  const after = [
    row('/', 200, 800),
    row('/empties', 400, 600),
    row('/stands', 1, 999),
    row('/dead', null, null),
    row('/other', 9, 1, 2),
    row('/new', 1, 1),
  ];
  expect(filesystemRates(before, after, 10)).toEqual([
    { mountpoint: '/', growth: 10, full: 80 },
    { mountpoint: '/empties', growth: -10, full: null },
    { mountpoint: '/stands', growth: 0, full: null },
    { mountpoint: '/dead', growth: null, full: null },
  ]);
  expect(filesystemRates(before, after, 0)).toBeNull();
});

test('the forecast from many points is the line of least squares', () => {
  const points = Array.from({ length: 11 }, (_, index) => ({ time: 1000 + index * 60, available: 10_000 - index * 120 }));
  expect(fillForecast(points)).toEqual({ growth: 2, full: 4400, fit: 1 });
  const noisy = points.map((point, index) => ({ ...point, available: point.available + (index % 2 === 0 ? 50 : -50) }));
  const forecast = fillForecast(noisy)!;
  expect(forecast.growth).toBeCloseTo(2, 5);
  expect(forecast.fit).toBeGreaterThan(0.9);
  expect(forecast.fit).toBeLessThan(1);
  expect(fillForecast(points.toReversed().map(({ time }, index) => ({ time: -time, available: index })))!.full).toBeNull();
});

test('a level line never fills; too few points or no time say nothing; a line below zero is full now', () => {
  const level = [1, 2, 3].map((time) => ({ time, available: 5 }));
  expect(fillForecast(level)).toEqual({ growth: 0, full: null, fit: 1 });
  expect(fillForecast(level.slice(1))).toBeNull();
  expect(fillForecast([1, 1, 1].map((time, available) => ({ time, available })))).toBeNull();
  expect(fillForecast([0, 1, 2, 3].map((time) => ({ time, available: Math.max(0, 100 - time * 90) })))).toMatchObject({ full: 0 });
});
