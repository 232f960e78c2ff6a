import { appendFileSync, chmodSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { HecateError } from '@hecate/host';
import { describe, expect, test } from 'vitest';
import { encodeTimestamp } from '../day/day-file.ts';
import { COLUMNS } from './columns.ts';
import { openRecorder } from './recorder.ts';
import type { Recorder } from './recorder.ts';
import { dayFiles, local, temporary, textOf, THREE } from './recorder.testing.ts';

const HEADER = 'timestamp,memory,cpu,latency\n';
const NOON = local(2026, 11, 21, 12);
const row = (time: number, cells: string): string => `${encodeTimestamp(time)},${cells}\n`;
const caught = (action: () => unknown): HecateError => {
  try {
    action();
  } catch (error) {
    if (error instanceof HecateError) return error;
    throw error;
  }
  throw new Error('It did not throw.');
};
const using = (recorder: Recorder, action: (recorder: Recorder) => void): void => {
  try {
    action(recorder);
  } finally {
    recorder.close();
  }
};

describe('rows and files', () => {
  test('the header once, then rows; unknown values are empty cells', () => {
    const dataDir = path.join(temporary(), 'new', 'place');
    for (const start of [0, 2]) {
      using(openRecorder({ dataDir, columns: THREE }), (recorder) => {
        recorder.append(NOON + start, [1024, 12.345, 0.0000125]);
        recorder.append(NOON + start + 1, [null, Number.NaN]);
      });
    }
    expect(textOf(dataDir, '2026-11-21.csv')).toBe(
      HEADER + [0, 2].map((start) => row(NOON + start, '1024,12.35,0.000013') + row(NOON + start + 1, ',,')).join(''),
    );
    expect(statSync(path.join(dataDir, '2026-11-21.csv')).mode & 0o777).toBe(0o644 & ~process.umask());
    expect(statSync(dataDir).mode & 0o777).toBe(0o755 & ~process.umask());
  });

  test('the standard columns are the default', () => {
    const dataDir = temporary();
    using(openRecorder({ dataDir }), (recorder) =>
      recorder.append(
        NOON,
        COLUMNS.map((_, index) => index),
      ),
    );
    const [header, first] = textOf(dataDir, '2026-11-21.csv').split('\n');
    expect(header).toBe(['timestamp', ...COLUMNS.map(({ name }) => name)].join(','));
    expect(first?.split(',').slice(1).map(Number)).toEqual(COLUMNS.map((_, index) => index));
  });

  test('writes come after rows 1, 3, 7, 15, 31 and then every 60', () => {
    const dataDir = temporary();
    using(openRecorder({ dataDir, columns: THREE }), (recorder) => {
      const written: number[] = [];
      for (let i = 1; i <= 160; i++) {
        recorder.append(NOON + i, [i]);
        if (recorder.status.rowsWaiting === 0) written.push(i);
      }
      expect(written).toEqual([1, 3, 7, 15, 31, 91, 151]);
      expect(recorder.status).toMatchObject({ rowsWritten: 151, rowsWaiting: 9, rowsDropped: 0, error: null });
    });
    expect(textOf(dataDir, '2026-11-21.csv').split('\n')).toHaveLength(162);
  });

  test('a smaller buffer is written earlier', () => {
    const dataDir = temporary();
    using(openRecorder({ dataDir, columns: THREE, bufferRows: 2 }), (recorder) => {
      for (let i = 0; i < 7; i++) recorder.append(NOON + i, [i]);
      expect(recorder.status).toMatchObject({ rowsWritten: 7, rowsWaiting: 0 });
    });
  });

  test('the day is decided by each row, not by the write', () => {
    const dataDir = temporary();
    const midnight = local(2026, 11, 22);
    using(openRecorder({ dataDir, columns: THREE }), (recorder) => {
      for (let i = -40; i < 20; i++) recorder.append(midnight + i, [i]);
    });
    const rows = (name: string): string[] => textOf(dataDir, name).trimEnd().split('\n').slice(1);
    expect(rows('2026-11-21.csv').map((line) => line.split(',')[1])).toEqual(Array.from({ length: 40 }, (_, i) => String(i - 40)));
    expect(rows('2026-11-22.csv').map((line) => line.split(',')[1])).toEqual(Array.from({ length: 20 }, (_, i) => String(i)));
    expect(rows('2026-11-22.csv')[0]).toMatch(/^2026-11-22T00:00:00\.000/);
  });

  test('a buffer that had to wait over midnight lands in both days', () => {
    const dataDir = temporary();
    const moved = `${dataDir}-away`;
    const midnight = local(2026, 11, 22);
    using(openRecorder({ dataDir, columns: THREE, bufferRows: 5 }), (recorder) => {
      renameSync(dataDir, moved);
      for (let i = -5; i < 5; i++) {
        try {
          recorder.append(midnight + i, [i]);
        } catch (error) {
          expect(error).toMatchObject({ code: 'UNAVAILABLE' });
        }
      }
      expect(recorder.status).toMatchObject({ rowsWritten: 0, rowsWaiting: 10 });
      renameSync(moved, dataDir);
      recorder.flush();
      expect(recorder.status).toMatchObject({ rowsWritten: 10, rowsWaiting: 0, error: null });
    });
    expect(dayFiles(dataDir)).toEqual(['2026-11-21.csv', '2026-11-22.csv']);
    expect(textOf(dataDir, '2026-11-21.csv').split('\n')).toHaveLength(7);
    expect(textOf(dataDir, '2026-11-22.csv').split('\n')).toHaveLength(7);
  });

  test('a clock that is put back, over midnight too, does no harm', () => {
    const dataDir = temporary();
    const midnight = local(2026, 11, 22);
    using(openRecorder({ dataDir, columns: THREE }), (recorder) => {
      for (const offset of [-1, 0, 1, -3600, 2, -2]) recorder.append(midnight + offset, [offset]);
    });
    expect(textOf(dataDir, '2026-11-21.csv')).toBe(
      HEADER + [-1, -3600, -2].map((offset) => row(midnight + offset, `${offset},,`)).join(''),
    );
    expect(textOf(dataDir, '2026-11-22.csv')).toBe(HEADER + [0, 1, 2].map((offset) => row(midnight + offset, `${offset},,`)).join(''));
  });

  test('closing twice is closing once; a closed recorder takes no rows', () => {
    const dataDir = temporary();
    const recorder = openRecorder({ dataDir, columns: THREE });
    recorder.append(NOON, [1]);
    recorder.append(NOON + 1, [2]);
    recorder.close();
    recorder.close();
    recorder.flush();
    expect(caught(() => recorder.append(NOON + 2, [3])).code).toBe('FAILED');
    expect(textOf(dataDir, '2026-11-21.csv').split('\n')).toHaveLength(4);
  });

  test('impossible times and buffer sizes are refused', () => {
    const dataDir = temporary();
    using(openRecorder({ dataDir, columns: THREE }), (recorder) => {
      for (const time of [Number.NaN, Infinity, 1e15]) expect(caught(() => recorder.append(time, [1])).code).toBe('INVALID');
    });
    for (const bufferRows of [0, 1.5, Number.NaN, 1e6]) expect(caught(() => openRecorder({ dataDir, bufferRows })).code).toBe('INVALID');
  });
});

describe('files that exist', () => {
  const file = (dataDir: string): string => path.join(dataDir, '2026-11-21.csv');
  const record = (dataDir: string): void =>
    using(openRecorder({ dataDir, columns: THREE }), (recorder) => recorder.append(NOON, [1, 2, 3]));

  test.each([
    ['a torn row', `${HEADER}${row(NOON, '1,1,1')}2026-11-21T12:00`, `${HEADER}${row(NOON, '1,1,1')}`],
    ['a torn header', 'timestamp,mem', HEADER],
    ['an empty file', '', HEADER],
    ['zeros that a power cut left', `${HEADER}${row(NOON, '1,1,1')}${'\0'.repeat(5000)}`, `${HEADER}${row(NOON, '1,1,1')}`],
    ['nothing but zeros', '\0'.repeat(100), HEADER],
    ['a torn end longer than one read', `${HEADER}${'7'.repeat(200_000)}`, HEADER],
    ['a whole file', `${HEADER}${row(NOON, '1,1,1')}`, `${HEADER}${row(NOON, '1,1,1')}`],
  ])('%s is repaired, whole lines stay', (_, before, kept) => {
    const dataDir = temporary();
    writeFileSync(file(dataDir), before);
    record(dataDir);
    expect(textOf(dataDir, '2026-11-21.csv')).toBe(kept + row(NOON, '1,2,3'));
  });

  test('cells go under the names of a file with another order, and of one that has more columns', () => {
    const dataDir = temporary();
    writeFileSync(file(dataDir), 'timestamp,latency,power,cpu,memory\nold,1,2,3,4\n');
    record(dataDir);
    expect(textOf(dataDir, '2026-11-21.csv')).toBe(`timestamp,latency,power,cpu,memory\nold,1,2,3,4\n${row(NOON, '3,,2,1')}`);
  });

  test('a file of an older version gets the new columns, its rows empty cells', () => {
    const dataDir = temporary();
    const rows = Array.from({ length: 20_000 }, (_, i) => `2026-11-21 10:00:00,${i},${i * 2}`);
    writeFileSync(file(dataDir), `timestamp,power_cpu,cpu\r\n${rows.join('\r\n')}\r\n\n2026-11-21 11:00`);
    chmodSync(file(dataDir), 0o600);
    record(dataDir);
    const widened = rows.map((line) => `${line},,\n`).join('');
    expect(textOf(dataDir, '2026-11-21.csv')).toBe(`timestamp,power_cpu,cpu,memory,latency\n${widened}\n${row(NOON, ',2,1,3')}`);
    expect(statSync(file(dataDir)).mode & 0o777).toBe(0o600);
    expect(dayFiles(dataDir)).toEqual(['2026-11-21.csv']);
  });

  test.each([
    ['another table', 'a,b,c\n1,2,3\n'],
    ['another table with a torn line', 'a,b,c\n1,2,3\n1,2'],
    ['a doubled column', 'timestamp,cpu,cpu\n'],
    ['text without an end', 'Dear diary'],
    ['binary garbage', Buffer.from([1, 2, 250, 10, 3, 0, 4])],
  ])('%s is refused and stays as it is', (_, content) => {
    const dataDir = temporary();
    writeFileSync(file(dataDir), content);
    const recorder = openRecorder({ dataDir, columns: THREE });
    const error = caught(() => recorder.append(NOON, [1, 2, 3]));
    expect(error).toMatchObject({ code: 'INVALID', hint: expect.stringContaining('Move it away') });
    expect(error.message).toContain(file(dataDir));
    expect(recorder.status.rowsWaiting).toBe(1);
    rmSync(file(dataDir));
    recorder.close();
    expect(textOf(dataDir, '2026-11-21.csv')).toBe(HEADER + row(NOON, '1,2,3'));
  });

  test('a directory or a device in the place of a day file is refused', () => {
    for (const put of [(at: string) => mkdirSync(at), (at: string) => symlinkSync('/dev/null', at)]) {
      const dataDir = temporary();
      put(file(dataDir));
      const recorder = openRecorder({ dataDir, columns: THREE });
      expect(caught(() => recorder.append(NOON, [1])).code).toBe('INVALID');
      expect(caught(() => recorder.close()).message).toMatch(/1 row was not written/);
    }
  });
});

describe('trouble while recording', () => {
  test('a day file that is deleted is begun anew', () => {
    const dataDir = temporary();
    using(openRecorder({ dataDir, columns: THREE, bufferRows: 1 }), (recorder) => {
      recorder.append(NOON, [1]);
      rmSync(path.join(dataDir, '2026-11-21.csv'));
      recorder.append(NOON + 1, [2]);
      expect(textOf(dataDir, '2026-11-21.csv')).toBe(HEADER + row(NOON + 1, '2,,'));
    });
  });

  test('a directory that is removed is an error; the rows come when it is back', () => {
    const dataDir = temporary();
    const recorder = openRecorder({ dataDir, columns: THREE, bufferRows: 1 });
    recorder.append(NOON, [1]);
    rmSync(dataDir, { recursive: true });
    expect(caught(() => recorder.append(NOON + 1, [2]))).toMatchObject({
      code: 'UNAVAILABLE',
      hint: expect.stringContaining('Create the directory'),
    });
    expect(recorder.status.error?.message).toBe(`${dataDir} does not exist.`);
    mkdirSync(dataDir);
    recorder.append(NOON + 2, [3]);
    expect(recorder.status).toMatchObject({ rowsWritten: 3, rowsWaiting: 0, error: null });
    recorder.close();
    expect(textOf(dataDir, '2026-11-21.csv')).toBe(HEADER + row(NOON + 1, '2,,') + row(NOON + 2, '3,,'));
  });

  test('after an error the next try comes with the next full buffer', () => {
    const dataDir = temporary();
    const recorder = openRecorder({ dataDir, columns: THREE, bufferRows: 4 });
    rmSync(dataDir, { recursive: true });
    const failures: number[] = [];
    for (let i = 1; i <= 20; i++) {
      try {
        recorder.append(NOON + i, [i]);
      } catch {
        failures.push(i);
      }
    }
    expect(failures).toEqual([1, 3, 7, 11, 15, 19]);
    expect(recorder.status).toMatchObject({ rowsWritten: 0, rowsWaiting: 20 });
    expect(caught(() => recorder.close()).message).toMatch(/20 rows were not written/);
  });

  test('at most an hour of rows waits; the oldest go first and are counted', () => {
    const dataDir = temporary();
    const moved = `${dataDir}-away`;
    const recorder = openRecorder({ dataDir, columns: THREE });
    renameSync(dataDir, moved);
    for (let i = 0; i < 4000; i++) {
      try {
        recorder.append(NOON + i, [i]);
      } catch (error) {
        expect(error).toBeInstanceOf(HecateError);
      }
    }
    expect(recorder.status).toMatchObject({ rowsWaiting: 3600, rowsDropped: 400 });
    renameSync(moved, dataDir);
    recorder.close();
    const rows = textOf(dataDir, '2026-11-21.csv').trimEnd().split('\n').slice(1);
    expect(rows.map((line) => Number(line.split(',')[1]))).toEqual(Array.from({ length: 3600 }, (_, i) => i + 400));
  });

  test('a place that cannot be a directory is refused at once', () => {
    const file = path.join(temporary(), 'file');
    appendFileSync(file, 'x');
    expect(caught(() => openRecorder({ dataDir: file })).code).toBe('INVALID');
    expect(caught(() => openRecorder({ dataDir: path.join(file, 'below') })).code).toBe('INVALID');
    expect(caught(() => openRecorder({ dataDir: `${temporary()}/a\0b` })).code).toBe('FAILED');
    expect(readFileSync(file, 'utf8')).toBe('x');
  });
});
