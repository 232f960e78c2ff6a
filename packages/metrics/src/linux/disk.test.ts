import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { HecateError, openHost } from '@hecate/host';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { diskGroups, diskRates, disksRates } from '../domain/disk.ts';
import type { DiskReading } from '../domain/disk.ts';
import { ByteCursor } from '../model/cursor.ts';
import { collectGaps } from '../model/gap.ts';
import { askPython, psutilMissing } from './debian-python.testing.ts';
import { disk, parseDiskstats } from './disk.ts';
import { bytesOf, createTree } from './rooted-tree.testing.ts';
import { createLoopFilesystem, loopFilesystemMissing, must } from './storage/loop-filesystem.testing.ts';

const parse = (content: string | Uint8Array, known?: string[]): DiskReading[] =>
  parseDiskstats(new ByteCursor().reset(bytesOf(content)), known);
const ignore = collectGaps([]);
const readAll = (reader: ReturnType<typeof disk.open>): readonly DiskReading[] => reader.read(ignore) as readonly DiskReading[];

describe('lines of all kernels', () => {
  const base = {
    reads: 1,
    readsMerged: 2,
    readBytes: 3 * 512,
    readTime: 0.004,
    writes: 5,
    writesMerged: 6,
    writeBytes: 7 * 512,
    writeTime: 0.008,
    inFlight: 9,
    ioTime: 0.01,
    weightedIoTime: 0.011,
  };
  const none = { discards: null, discardsMerged: null, discardSectors: null, discardTime: null, flushes: null, flushTime: null };
  const discards = { ...none, discards: 12, discardsMerged: 13, discardSectors: 14, discardTime: 0.015 };
  test.each([
    ['14 fields, up to 4.17', '   8       0 sda 1 2 3 4 5 6 7 8 9 10 11\n', { ...base, ...none }],
    ['no newline at the end', '   8       0 sda 1 2 3 4 5 6 7 8 9 10 11', { ...base, ...none }],
    ['15 fields: Linux 2.4 has the size before the name', '8 0 488386584 sda 1 2 3 4 5 6 7 8 9 10 11\n', { ...base, ...none }],
    ['15 fields: one more than is known', '8 0 sda 1 2 3 4 5 6 7 8 9 10 11 12\n', { ...base, ...none }],
    ['17 fields: an incomplete group of discards is not used', '8 0 sda 1 2 3 4 5 6 7 8 9 10 11 12 13 14\n', { ...base, ...none }],
    ['18 fields, with discards', '8 0 sda 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15\n', { ...base, ...discards }],
    [
      '20 fields, with flushes',
      '8 0 sda 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17\n',
      { ...base, ...discards, flushes: 16, flushTime: 0.017 },
    ],
    [
      '24 fields of a kernel to come',
      '8 0 sda 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21\n',
      { ...base, ...discards, flushes: 16, flushTime: 0.017 },
    ],
    ['a number for a name', '8 0 42 1 2 3 4 5 6 7 8 9 10 11\n', { ...base, ...none, device: '42' }],
    [
      '7 fields: a partition of 2.6.24',
      '   8    1 sda1 10 20 30 40\n',
      {
        device: 'sda1',
        minor: 1,
        reads: 10,
        readBytes: 20 * 512,
        writes: 30,
        writeBytes: 40 * 512,
        readsMerged: null,
        readTime: null,
        writesMerged: null,
        writeTime: null,
        inFlight: null,
        ioTime: null,
        weightedIoTime: null,
        ...none,
      },
    ],
    [
      '11 fields: what all versions agree on',
      '8 0 sda 1 2 3 4 5 6 7 8\n',
      { reads: 1, readBytes: 1024, writes: 3, writeBytes: 2048, ioTime: null },
    ],
  ])('%s', (_, line, expected) => {
    expect(parse(line)).toMatchObject([{ device: 'sda', major: 8, minor: 0, physical: false, ...expected }]);
  });

  test('names with a slash, and numbers past 2^32', () => {
    const [row] = parse('104 0 cciss/c0d0 18446744 0 4294967296 0 0 0 0 0 0 0 4294967295\n');
    expect(row).toMatchObject({ device: 'cciss/c0d0', readBytes: 4294967296 * 512, weightedIoTime: 4294967.295 });
  });

  test.each([
    ['a name', '8 0\n'],
    ['counters', '8 0 sda\n'],
    ['enough counters', '8 0 sda 1 2 3\n'],
    ['numbers', 'x y sda 1 2 3 4\n'],
    ['digits', '8 0 sda 1 2 3 four\n'],
  ])('a line without %s is an error', (_, line) => {
    expect(() => parse(line)).toThrow(HecateError);
  });

  test('any bytes give rows of finite numbers or an error of ours', () => {
    const line = fc
      .array(fc.oneof(fc.nat().map(String), fc.constantFrom('sda', 'loop0', '-', '', ' ', '1e9', '-5')), { maxLength: 22 })
      .map((words) => words.join(' '));
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 300 }),
          fc.array(line, { maxLength: 5 }).map((lines) => Buffer.from(lines.join('\n'))),
        ),
        (content) => {
          let rows: DiskReading[] = [];
          try {
            rows = parse(content);
          } catch (error) {
            expect(error).toBeInstanceOf(HecateError);
          }
          for (const row of rows)
            for (const value of Object.values(row)) if (typeof value === 'number') expect(Number.isFinite(value)).toBe(true);
        },
      ),
    );
  });

  test('names that are still the same are not made anew', () => {
    const text = '8 0 sda 1 2 3 4 5 6 7 8 9 10 11\n8 1 sda1 1 2 3 4 5 6 7 8 9 10 11\n';
    expect(parse(text, ['sda', 'sda1']).map((row) => row.device)).toEqual(['sda', 'sda1']);
    expect(parse(text, ['sd', 'sda']).map((row) => row.device)).toEqual(['sda', 'sda1']);
    expect(parse(text, ['sda1', 'sda', 'x']).map((row) => row.device)).toEqual(['sda', 'sda1']);
  });
});

const line = (major: number, minor: number, name: string, count: number): string =>
  `${major} ${minor} ${name} ${count} 0 8 4 ${count} 0 8 4 0 8 8\n`;

test('what the kernel made in advance and nobody used is left out, until it is used', () => {
  const tree = createTree({
    '/proc/diskstats': line(1, 0, 'ram0', 0) + line(7, 0, 'loop0', 0) + line(43, 0, 'nbd0', 0) + line(8, 0, 'sda', 0),
  });
  const reader = disk.open(tree.host);
  try {
    expect(readAll(reader).map((row) => row.device)).toEqual(['sda']);
    tree.write('/proc/diskstats', line(1, 0, 'ram0', 0) + line(7, 0, 'loop0', 3) + line(8, 0, 'sda', 0));
    expect(readAll(reader).map((row) => [row.device, row.physical])).toEqual([
      ['loop0', false],
      ['sda', true],
    ]);
  } finally {
    reader.close();
    tree.remove();
  }
});

test('a device that comes is looked up in /sys', () => {
  const tree = createTree({ '/proc/diskstats': line(8, 0, 'sda', 5), '/sys/block/sda/size': '100\n' });
  const reader = disk.open(tree.host);
  try {
    expect(readAll(reader)).toMatchObject([{ device: 'sda', physical: true }]);
    tree.write('/sys/block/dm-0/slaves/sda/dev', '8:0\n');
    tree.write('/proc/diskstats', line(8, 0, 'sda', 6) + line(8, 1, 'sda1', 6) + line(253, 0, 'dm-0', 6));
    expect(readAll(reader).map((row) => [row.device, row.physical])).toEqual([
      ['sda', true],
      ['sda1', false],
      ['dm-0', false],
    ]);
  } finally {
    reader.close();
    tree.remove();
  }
});

test('the Prometheus series leave out what node_exporter leaves out', () => {
  const rows = parse(
    line(8, 0, 'sda', 5) +
      line(8, 1, 'sda1', 5) +
      line(259, 0, 'nvme0n1', 5) +
      line(259, 1, 'nvme0n1p1', 5) +
      line(179, 1, 'mmcblk0p1', 5) +
      line(7, 1, 'loop1', 5),
  );
  const value = diskGroups()[0]!.fields.find((field) => field.key === 'reads')!.prometheus!.value as (row: DiskReading) => number | null;
  expect(rows.map((row) => [row.device, value(row)])).toEqual([
    ['sda', 5],
    ['sda1', null],
    ['nvme0n1', 5],
    ['nvme0n1p1', null],
    ['mmcblk0p1', 5],
    ['loop1', null],
  ]);
});

test('rates are of physical disks in total; a partition without times has no latency', () => {
  const mark = (rows: DiskReading[]): DiskReading[] => rows.map((row) => ({ ...row, physical: row.device === 'sda' }));
  const before = mark(parse('8 0 sda 0 0 0 0 0 0 0 0 0 0 0\n8 1 sda1 0 0 0 0\n'));
  const rates = disksRates(before, mark(parse('8 0 sda 10 0 2000 50 0 0 0 0 1 900 1800\n8 1 sda1 10 2000 0 0\n')), 2);
  expect(rates.total).toMatchObject({ readsPerSecond: 5, readBytesPerSecond: 512_000, readLatency: 0.005, utilization: 0.45 });
  expect(rates.devices[1]).toMatchObject({ device: 'sda1', readsPerSecond: 5, readLatency: null, utilization: null });
});

test('discards and flushes have rates too; all requests have one latency, weighed by their number', () => {
  const mark = (rows: DiskReading[]): DiskReading[] => rows.map((row) => ({ ...row, physical: true }));
  const before = mark(parse('8 0 sda 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n8 16 sdb 0 0 0 0 0 0 0 0 0 0 0\n'));
  const after = mark(parse('8 0 sda 10 0 40 20 30 0 480 60 0 0 0 10 0 2048 20 4 8\n8 16 sdb 0 0 0 0 50 0 0 400 0 0 0\n'));
  const { devices, total } = disksRates(before, after, 10);
  expect(devices[0]).toMatchObject({
    discardBytesPerSecond: 104_857.6,
    discardsPerSecond: 1,
    flushesPerSecond: 0.4,
    readLatency: 0.002,
    writeLatency: 0.002,
    discardLatency: 0.002,
    flushLatency: 0.002,
    latency: 0.002,
    readSize: 2048,
    writeSize: 8192,
  });
  expect(devices[1]).toMatchObject({ discardsPerSecond: null, flushesPerSecond: null, readLatency: null, latency: 0.008, readSize: null });
  expect(total).toMatchObject({ discardsPerSecond: 1, flushesPerSecond: 0.4, latency: 0.005, readLatency: 0.002, writeSize: 3072 });
  expect(total.writeLatency).toBeCloseTo((30 * 0.002 + 50 * 0.008) / 80, 9);
});

const restless =
  loopFilesystemMissing('btrfs', 'btrfs-progs') ??
  (spawnSync('iostat', ['-V']).error ? 'iostat is not installed (apt-get install sysstat)' : null);
if (restless) console.warn(`SKIPPED: latencies and sizes against iostat: ${restless}`);

test.skipIf(restless)('a disk at rest: iostat finds the same latencies and sizes since boot', () => {
  const made = createLoopFilesystem('btrfs', ['-q'], 1, 256);
  const reader = disk.open(openHost());
  try {
    writeFileSync(path.join(made.directory, 'content'), Buffer.alloc(3_000_000, 'x'));
    made.inside('sync', '--file-system', '{}');
    rmSync(path.join(made.directory, 'content'));
    made.inside('fstrim', '{}');
    made.inside('umount', '{}');
    const device = made.devices[0]!;
    const ours = readAll(reader).find((row) => row.device === device)!;
    const zero = Object.fromEntries(Object.entries(ours).map(([key, value]) => [key, typeof value === 'number' ? 0 : value]));
    const rates = diskRates(zero as unknown as DiskReading, ours, 1);
    const report = JSON.parse(must('iostat', '-d', '-x', '-o', 'JSON', device)) as {
      sysstat: { hosts: { statistics: { disk: Record<string, number>[] }[] }[] };
    };
    const theirs = report.sysstat.hosts[0]!.statistics[0]!.disk[0]!;
    for (const [key, value, unit] of [
      ['r_await', rates.readLatency, 1000],
      ['w_await', rates.writeLatency, 1000],
      ['d_await', rates.discardLatency, 1000],
      ['f_await', rates.flushLatency, 1000],
      ['rareq-sz', rates.readSize, 1 / 1024],
      ['wareq-sz', rates.writeSize, 1 / 1024],
    ] as const) {
      expect(value, key).not.toBeNull();
      expect(Math.abs(value! * unit - theirs[key]!), `${key}: ${value! * unit} and ${theirs[key]}`).toBeLessThan(0.011);
    }
    expect(ours.discards).toBeGreaterThan(0);
    expect(ours.flushes).toBeGreaterThan(0);
  } finally {
    reader.close();
    made.remove();
  }
});

describe('this machine', () => {
  test('every line of /proc/diskstats that was used is there', () => {
    const reader = disk.open(openHost());
    const before = readFileSync('/proc/diskstats', 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((text) => text.trim().split(/\s+/));
    const rows = new Map(readAll(reader).map((row) => [row.device, row]));
    const after = new Map(
      readFileSync('/proc/diskstats', 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((text) => text.trim().split(/\s+/))
        .map((words) => [words[2]!, words]),
    );
    reader.close();
    for (const words of before) {
      const row = rows.get(words[2]!);
      if (!row) {
        expect(
          words.slice(3).every((word) => word === '0'),
          words.join(' '),
        ).toBe(true);
        continue;
      }
      expect([row.major, row.minor]).toEqual(words.slice(0, 2).map(Number));
      const later = after.get(words[2]!)!;
      for (const [key, index, unit] of [
        ['reads', 3, 1],
        ['readBytes', 5, 512],
        ['readTime', 6, 0.001],
        ['writes', 7, 1],
        ['writeBytes', 9, 512],
        ['ioTime', 12, 0.001],
      ] as const) {
        expect(row[key]).toBeGreaterThanOrEqual(Number(words[index]) * unit - 1e-9);
        expect(row[key]).toBeLessThanOrEqual(Number(later[index]) * unit + 1e-9);
      }
    }
  });

  const missing = psutilMissing();
  if (missing) console.warn(`SKIPPED: disk counters against psutil: ${missing}`);
  test.skipIf(missing)('psutil sees the same counters', () => {
    const reader = disk.open(openHost());
    const before = readAll(reader);
    const theirs = askPython(
      'import json, psutil; print(json.dumps({k: v._asdict() for k, v in psutil.disk_io_counters(perdisk=True, nowrap=False).items()}))',
    ) as Record<string, Record<string, number>>;
    const after = new Map(readAll(reader).map((row) => [row.device, row]));
    reader.close();
    expect(before.length).toBeGreaterThan(0);
    for (const row of before) {
      const their = theirs[row.device]!;
      for (const [ours, name] of [
        ['reads', 'read_count'],
        ['readBytes', 'read_bytes'],
        ['writes', 'write_count'],
        ['writeBytes', 'write_bytes'],
      ] as const) {
        expect(their[name]).toBeGreaterThanOrEqual(row[ours]);
        expect(their[name]).toBeLessThanOrEqual(after.get(row.device)![ours]);
      }
    }
  });
});
