import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createAggregator } from './aggregator.ts';
import type { BucketRow, Cell } from './aggregator.ts';
import { addToTable } from './bucket-table.ts';
import type { BucketTable } from './bucket-table.ts';

const STEPS = [10, 60, 600];

interface Sample {
  /** Seconds since the sample before; below zero when the clock was set back. */
  readonly pause: number;
  readonly values: readonly (number | null)[];
  /** Whether the process ends after it and another goes on. */
  readonly ends: boolean;
}

const SAMPLE: fc.Arbitrary<Sample> = fc.record({
  pause: fc.oneof({ weight: 8, arbitrary: fc.integer({ min: 1, max: 12 }) }, fc.integer({ min: -4000, max: 4000 })),
  values: fc.array(fc.option(fc.integer({ min: -1000, max: 1000 })), { minLength: 1, maxLength: 4 }),
  ends: fc.boolean(),
});

/** All cells of rows, the parts of a bucket together. */
function tableOf(rows: readonly BucketRow[]): BucketTable {
  const table: BucketTable = new Map();
  for (const { time, ids, cells } of rows) for (const [index, id] of ids.entries()) addToTable(table, id, time, cells[index]!);
  return table;
}

/** The same from the definition: every sample into the bucket of its own time. */
function model(samples: readonly { time: number; values: readonly (number | null)[] }[], step: number): BucketTable {
  const table: BucketTable = new Map();
  for (const { time, values } of samples) {
    for (const [slot, value] of values.entries()) {
      if (value === null) continue;
      const cell: Cell = { count: 1, sum: value, min: value, max: value };
      addToTable(table, `series${slot}`, Math.floor(time / step) * step, cell);
    }
  }
  return table;
}

test('mean, min and max of every bucket are those of its samples: gaps, steps of the clock and restarts anywhere', () => {
  fc.assert(
    fc.property(fc.array(SAMPLE, { maxLength: 300 }), (samples) => {
      const rows: BucketRow[][] = [[], [], []];
      const make = () => createAggregator(STEPS, (level, row) => rows[level]!.push(row));
      let aggregator = make();
      let time = 1_700_000_000;
      const given = samples.map(({ pause, values, ends }) => {
        time += pause;
        aggregator.add(time, { ids: values.map((_, slot) => `series${slot}`), values: values.map((value) => value ?? Number.NaN) });
        if (ends) {
          aggregator.finish();
          aggregator = make();
        }
        return { time, values };
      });
      for (const [level, step] of STEPS.entries()) {
        expect(tableOf([...rows[level]!, ...aggregator.open(level)])).toEqual(model(given, step));
      }
      aggregator.finish();
      for (const [level, step] of STEPS.entries()) expect(tableOf(rows[level]!)).toEqual(model(given, step));
    }),
    { numRuns: 300 },
  );
});

test('a slot that another series takes over mixes nothing', () => {
  const rows: BucketRow[][] = [[], [], []];
  const aggregator = createAggregator(STEPS, (level, row) => rows[level]!.push(row));
  const start = 600 * 1000;
  aggregator.add(start, { ids: ['a', 'old'], values: [1, 10] });
  aggregator.add(start + 1, { ids: ['a', 'new'], values: [2, 20] });
  aggregator.add(start + 2, { ids: ['a', undefined], values: [3, 30] });
  aggregator.add(start + 15, { ids: ['a', 'third'], values: [4, 40] });
  aggregator.finish();
  const one = (value: number): Cell => ({ count: 1, sum: value, min: value, max: value });
  for (const level of [1, 2]) {
    expect(tableOf(rows[level]!)).toEqual(
      new Map([
        ['a', new Map([[start, { count: 4, sum: 10, min: 1, max: 4 }]])],
        ['old', new Map([[start, one(10)]])],
        ['new', new Map([[start, one(20)]])],
        ['third', new Map([[start, one(40)]])],
      ]),
    );
  }
});

test('an idle aggregator hands out nothing', () => {
  const rows: BucketRow[] = [];
  const aggregator = createAggregator(STEPS, (_, row) => rows.push(row));
  aggregator.add(5, { ids: ['a'], values: [Number.NaN] });
  aggregator.finish();
  aggregator.finish();
  expect(rows).toEqual([]);
  expect(aggregator.open(2)).toEqual([]);
});
