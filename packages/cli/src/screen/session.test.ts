import { expect, it } from 'vitest';
import { sizeOf } from './session.ts';

it.each([
  [80, 24, 80, 24],
  [1, 1, 1, 1],
  [1000, 1000, 1000, 1000],
  [0, 0, 80, 24],
  [0, 50, 80, 24],
  [Number.NaN, 50, 80, 24],
  [65_535, 65_535, 2048, 1024],
])('a terminal that says %i x %i is %i x %i', (columns, rows, width, height) =>
  expect(sizeOf({ columns, rows })).toEqual({ width, height }),
);
