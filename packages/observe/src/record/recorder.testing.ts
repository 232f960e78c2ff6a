import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterEach } from 'vitest';
import type { Column } from './columns.ts';

/** Seconds since the epoch of a local time. */
export function local(year: number, month: number, day: number, hour = 0, minute = 0, second = 0): number {
  return new Date(year, month - 1, day, hour, minute, second).getTime() / 1000;
}

/** Three columns with 0, 2 and 6 decimals. */
export const THREE: readonly Column[] = [
  { name: 'memory', unit: 'bytes', decimals: 0, help: 'Memory.' },
  { name: 'cpu', unit: 'percent', decimals: 2, help: 'CPU.' },
  { name: 'latency', unit: 'seconds', decimals: 6, help: 'Latency.' },
];

const made: string[] = [];
const remove = (): void => {
  for (const directory of made.splice(0)) rmSync(directory, { recursive: true, force: true });
};

/** A new directory that goes away after the test. */
export function temporary(): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'hecate-record-'));
  made.push(directory);
  return directory;
}

afterEach(remove);

/** The text of a file in a directory. */
export function textOf(directory: string, name: string): string {
  return readFileSync(path.join(directory, name), 'utf8');
}

/** The day files of a directory, sorted. */
export function dayFiles(directory: string): string[] {
  return readdirSync(directory)
    .filter((name) => name.endsWith('.csv'))
    .sort();
}

/** Bundles a program against the sources, for tests that need a process of their own; answers its path. */
export async function bundle(source: string, directory: string): Promise<string> {
  const here = fileURLToPath(new URL('.', import.meta.url));
  const outfile = path.join(directory, `program-${made.length}-${source.length}.mjs`);
  const packageSource = (name: string): string => path.join(here, '../../../', name, 'src/index.ts');
  await build({
    stdin: { contents: source, resolveDir: here, loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
    logLevel: 'error',
    alias: { '@hecate/host': packageSource('host'), '@hecate/metrics': packageSource('metrics') },
    external: ['koffi'],
  });
  return outfile;
}
