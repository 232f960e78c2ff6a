import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { describe, expect, test } from 'vitest';
import { dayDirectory, temporaryDirectory } from '../day/day-directory.testing.ts';
import { exportParquet } from './parquet-export.ts';

const TODAY = '2026-11-21';

async function read(file: string): Promise<{ schema: unknown; groups: number; rows: Record<string, unknown>[] }> {
  const buffer = await asyncBufferFromFile(file);
  const { schema, row_groups: groups } = await parquetMetadataAsync(buffer);
  const rows = await parquetReadObjects({ file: buffer, compressors: { GZIP: (bytes) => gunzipSync(bytes) } });
  return { schema, groups: groups.length, rows };
}

describe('a Parquet file', () => {
  test('has every value of the CSV files, null where unknown, times in UTC', async () => {
    const value = (row: number): string => (row % 7 === 3 ? '' : (row * 1.25 - 500).toFixed(2));
    const lines = (day: string): string[] => [
      `timestamp,a,${day === TODAY ? 'new' : 'old'}`,
      ...Array.from(
        { length: 5000 },
        (_, row) =>
          `${day}T${String(Math.floor(row / 3600)).padStart(2, '0')}:${String(Math.floor(row / 60) % 60).padStart(2, '0')}:${String(row % 60).padStart(2, '0')}.125+02:00,${value(row)},${row}`,
      ),
    ];
    const dataDir = dayDirectory({ '2026-11-20': lines('2026-11-20'), [TODAY]: lines(TODAY) });
    const target = path.join(temporaryDirectory(), 'out.parquet');
    const done = await exportParquet({ dataDir, startDate: '2026-11-20', today: TODAY }, target);
    expect(done).toEqual({ file: target, rows: 10_000, columns: ['timestamp', 'a', 'old', 'new'], bytes: readFileSync(target).length });
    const { schema, groups, rows } = await read(target);
    expect(schema).toMatchObject([
      { num_children: 4 },
      {
        name: 'timestamp',
        type: 'INT64',
        repetition_type: 'REQUIRED',
        logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
      },
      { name: 'a', type: 'DOUBLE', repetition_type: 'OPTIONAL' },
      { name: 'old' },
      { name: 'new' },
    ]);
    expect([groups, rows.length]).toEqual([2, 10_000]);
    const wrong = rows.filter(({ timestamp, a, old, new: fresh }, index) => {
      const row = index % 5000;
      const first = index < 5000;
      const time = Date.UTC(2026, 10, first ? 19 : 20, 22) + row * 1000 + 125;
      return !(
        timestamp instanceof Date &&
        timestamp.getTime() === time &&
        (a ?? null) === (value(row) === '' ? null : Number(value(row))) &&
        (old ?? null) === (first ? row : null) &&
        (fresh ?? null) === (first ? null : row)
      );
    });
    expect(wrong).toEqual([]);
  });

  test('has only the metrics that were asked for, derived ones too', async () => {
    const dataDir = dayDirectory({
      [TODAY]: ['timestamp,memory_used,memory_total,x', `${TODAY}T10:00:00Z,1,4,9`, `${TODAY}T10:00:01Z,1,0,9`],
    });
    const target = path.join(temporaryDirectory(), 'out.parquet');
    await exportParquet({ dataDir, today: TODAY, metrics: ['ram_percent'] }, target);
    expect((await read(target)).rows.map(({ ram_percent: share }) => share ?? null)).toEqual([25, null]);
  });
});

describe('what goes wrong leaves no file', () => {
  const dataDir = (): string => dayDirectory({ [TODAY]: ['timestamp,a', `${TODAY}T10:00:00Z,1`] });
  test('no such directory, a directory in its place, nothing recorded, an unknown metric, a signal', async () => {
    const place = temporaryDirectory();
    const target = path.join(place, 'out.parquet');
    const options = { dataDir: dataDir(), today: TODAY };
    await expect(exportParquet(options, path.join(place, 'none', 'out.parquet'))).rejects.toMatchObject({
      code: 'INVALID',
      message: expect.stringContaining('none'),
    });
    await expect(exportParquet({ ...options, startDate: '2020-01-01', endDate: '2020-01-02' }, target)).rejects.toMatchObject({
      code: 'UNAVAILABLE',
    });
    await expect(exportParquet({ ...options, metrics: ['b'] }, target)).rejects.toMatchObject({ code: 'INVALID' });
    await expect(exportParquet({ ...options, signal: AbortSignal.abort(new Error('enough')) }, target)).rejects.toThrow('enough');
    expect(readdirSync(place)).toEqual([]);
    mkdirSync(target);
    await expect(exportParquet(options, target)).rejects.toMatchObject({ name: 'HecateError' });
    expect(readdirSync(place)).toEqual(['out.parquet']);
  });

  test('an old file stays when the new one fails', async () => {
    const place = temporaryDirectory();
    const target = path.join(place, 'out.parquet');
    writeFileSync(target, 'old');
    await expect(exportParquet({ dataDir: dataDir(), today: TODAY, metrics: ['b'] }, target)).rejects.toMatchObject({ code: 'INVALID' });
    expect(readFileSync(target, 'utf8')).toBe('old');
  });
});
