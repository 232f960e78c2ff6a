import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { temporary } from '../record/recorder.testing.ts';
import { finishNow } from '../tier/jobs.ts';
import { encodeTimestamp } from './day-file.ts';
import { readDayStretch } from './day-stretch.ts';

const START = 1_772_000_000;

/** Times and first values of the rows that are found. */
function rowsOf(file: string, from: number, to: number): [number, number][] {
  const found: [number, number][] = [];
  const pieces = readDayStretch(file, from, to, (_, { rows, times, values }) => {
    for (let row = 0; row < rows; row++) found.push([times[row]! / 1000, values[row]!]);
  });
  finishNow(pieces);
  return found;
}

function write(lines: readonly string[], end = '\n'): string {
  const file = path.join(temporary(), '2026-02-25.csv');
  writeFileSync(file, lines.join('\n') + end);
  return file;
}

test('finds exactly the rows of a stretch, wherever it lies, over files of any size', () => {
  const long = 'x'.repeat(20);
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 1500 }),
      fc.nat(200_000),
      fc.nat(50_000),
      (pauses, from, length) => {
        let time = START;
        const times = pauses.map((pause) => (time += pause));
        const file = write([`timestamp,load1,${long}`, ...times.map((at, index) => `${encodeTimestamp(at)},${index},`)]);
        const want = times.flatMap((at, index): [number, number][] =>
          at >= START + from && at < START + from + length ? [[at, index]] : [],
        );
        expect(rowsOf(file, START + from, START + from + length)).toEqual(want);
      },
    ),
    { numRuns: 60 },
  );
});

test('what is torn, malformed or no text is passed over', () => {
  const row = (second: number): string => `${encodeTimestamp(START + second)},${second}`;
  const file = write(
    ['timestamp,load1', row(0), 'nonsense', '', `${row(1)},9,9`, `${encodeTimestamp(START + 2)},\u0000`, row(3), row(4).slice(0, 20)],
    '',
  );
  expect(rowsOf(file, START, START + 10)).toEqual([
    [START, 0],
    [START + 2, Number.NaN],
    [START + 3, 3],
  ]);
  for (const text of ['', 'time', 'timestamp,load1', 'timestamp,load1\n', `timestamp,load1\n${'y'.repeat(300_000)}\n`]) {
    const other = path.join(temporary(), 'x.csv');
    writeFileSync(other, text);
    expect(rowsOf(other, 0, 9e9)).toEqual([]);
  }
});

test('a file that is not there has no rows; one that is something else says so, and nothing hangs', () => {
  const directory = temporary();
  expect(rowsOf(path.join(directory, 'none.csv'), 0, 9e9)).toEqual([]);
  writeFileSync(path.join(directory, 'other.csv'), 'a,b\n1,2\n');
  expect(() => rowsOf(path.join(directory, 'other.csv'), 0, 9e9)).toThrow(expect.objectContaining({ code: 'INVALID' }));
  mkdirSync(path.join(directory, 'folder.csv'));
  expect(rowsOf(path.join(directory, 'folder.csv'), 0, 9e9)).toEqual([]);
  execFileSync('mkfifo', [path.join(directory, 'pipe.csv')]);
  expect(rowsOf(path.join(directory, 'pipe.csv'), 0, 9e9)).toEqual([]);
});
