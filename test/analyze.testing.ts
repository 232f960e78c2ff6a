import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { run, temporary } from './cli.testing.ts';
import type { Ended } from './cli.testing.ts';

/** The day that most files here are of, a Wednesday. */
export const DAY = '2026-03-04';
/** The keys of the report in JSON, in their order. */
export const KEYS: readonly string[] = [
  'period',
  'statistics',
  'heatmaps',
  'blocks',
  'sufficiency',
  'levels',
  'summary',
  'comparison',
  'forecasts',
  'consumers',
];

interface Statistics {
  readonly count: number;
  readonly missing: number;
  readonly min: number | null;
  readonly max: number | null;
  readonly mean: number | null;
  readonly median: number | null;
  readonly p95: number | null;
}
/** A report in JSON, as far as these tests look at it. */
export interface Analysis {
  readonly period: {
    readonly rows: number;
    readonly days: readonly string[];
    readonly flaws: { readonly malformedLines: number; readonly malformedCells: number; readonly tornFiles: readonly string[] };
  };
  readonly statistics: Readonly<Record<string, Statistics>>;
  readonly heatmaps: Readonly<Record<string, { readonly mean: readonly (readonly (number | null)[])[] }>>;
  readonly blocks: Readonly<Record<string, readonly { readonly hour: number; readonly mean: number | null }[]>>;
  readonly sufficiency: Readonly<Record<string, { readonly gap: number; readonly headroom: number; readonly reading: string }>>;
  readonly levels: Readonly<Record<string, { readonly level: string }>>;
  readonly summary: { readonly headline: string; readonly findings: readonly string[] };
}

/** A directory with day files. */
export function days(files: Readonly<Record<string, string | Uint8Array>>): string {
  const directory = temporary('days');
  for (const [day, content] of Object.entries(files)) writeFileSync(join(directory, `${day}.csv`), content);
  return directory;
}

/** 600 rows, one a second from 14:00 by the wall clock as written: cpu 0 to 99 over and over, memory constant, swap none. */
export function plainDay(day: string = DAY): string {
  const rows = Array.from({ length: 600 }, (_, index) => {
    const time = `14:${String(Math.floor(index / 60)).padStart(2, '0')}:${String(index % 60).padStart(2, '0')}`;
    return `${day}T${time}.000+00:00,${index % 100},1000,4000,0,0,`;
  });
  return `timestamp,cpu_usage_percent,memory_used,memory_total,memory_swap_used,memory_swap_total,gpu_usage_percent\n${rows.join('\n')}\n`;
}

/** Runs `hecate analyze` on a directory. */
export const analyze = (directory: string, ...args: string[]): Promise<Ended> => run(['analyze', '--data-dir', directory, ...args]);
/** The same for {@link DAY}. */
export const ofDay = (directory: string, ...args: string[]): Promise<Ended> =>
  analyze(directory, '--start-date', DAY, '--end-date', DAY, ...args);

/** The report of {@link DAY}. */
export async function jsonOf(directory: string, ...args: string[]): Promise<Analysis> {
  const { status, stdout, stderr } = await ofDay(directory, '--format', 'json', ...args);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return JSON.parse(stdout) as Analysis;
}

/** A refusal: its status, nothing on standard output, a sentence and at most one more. */
export function expectRefusal({ status, stdout, stderr }: Ended, expected: number, sentence: RegExp): void {
  expect({ status, stdout, stderr }).toMatchObject({ status: expected, stdout: '', stderr: expect.stringMatching(sentence) });
  expect(stderr).toMatch(/^hecate: \S.*\n( {8}\S.*\n)?$/);
}
