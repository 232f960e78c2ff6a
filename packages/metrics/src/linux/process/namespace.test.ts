import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundleProgram } from '../../bundle.testing.ts';

const root = fileURLToPath(new URL('../../../../../', import.meta.url));
let directory = '';
const inDirectory = (name: string): string => path.join(directory, name);

function whyNot(): string | null {
  if (process.platform !== 'linux') return 'this is not Linux';
  if (spawnSync('gcc', ['--version']).status !== 0) return 'gcc is not installed (apt-get install gcc libc6-dev)';
  const { status, stderr, error } = spawnSync('unshare', ['--user', '--map-root-user', '--pid', '--fork', '--mount-proc', 'true'], {
    encoding: 'utf8',
  });
  if (process.getuid?.() === 0 || status === 0) return null;
  return `no namespace can be made here: ${error?.message ?? stderr.trim()}`;
}

const missing = whyNot();
if (missing) console.warn(`SKIPPED: processes in namespaces of their own: ${missing}`);

beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'hecate-namespace-'));
  // Another user reads the program.
  chmodSync(directory, 0o755);
  if (missing) return;
  const source = path.join(root, 'packages/metrics/bench/population.c');
  const { status, stderr } = spawnSync('gcc', ['-O1', '-o', inDirectory('population'), source], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  await bundleProgram(new URL('private-processes.testing.ts', import.meta.url), inDirectory('program.mjs'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Runs a scenario among so many sleepers, with births so many milliseconds apart; in a network of its own where that needs no more rights. */
function play(scenario: string, sleepers: number, churn = 0): Record<string, unknown> {
  const crowd = [inDirectory('population'), String(sleepers), String(churn), process.execPath, inDirectory('program.mjs'), scenario];
  const argv = process.getuid!() === 0 ? ['unshare', '--net', ...crowd] : crowd;
  const { status, stdout, stderr } = spawnSync(argv[0]!, argv.slice(1), { encoding: 'utf8', timeout: 170_000, killSignal: 'SIGKILL' });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return JSON.parse(stdout) as Record<string, unknown>;
}

test.skipIf(missing)('five thousand processes in pid and network namespaces', () => {
  const seen = play('look', 5000);
  expect(seen).toMatchObject({
    isUnique: true,
    sleepers: 5000,
    own: true,
    isShared: true,
    sleepersGroup: 5000,
    left: 0,
    gaps: [],
    first: 1,
    roots: 1,
  });
  const lengths = seen['lengths'] as number[];
  expect(new Set(lengths).size).toBe(1);
  expect(lengths[0]).toBeGreaterThanOrEqual(5002);
  expect(seen['ioKnown']).toBe(lengths[0]);
  expect(seen['pauses']).toBeGreaterThan(30);
  // Each holds 4 kB in the kernel.
  expect(seen['kept']).toBeLessThanOrEqual(2210);
  expect(seen['kept']).toBeGreaterThan(200);
});

test.skipIf(missing)('births and ends without a pause', () => {
  const { least, most } = play('churn', 50, 1) as { least: number; most: number };
  expect(least).toBeGreaterThanOrEqual(53);
  expect(most).toBeLessThan(200);
});

const forRoot = missing ?? (process.getuid?.() === 0 ? null : 'it needs root');
if (forRoot && !missing) console.warn(`SKIPPED: processes of other users: ${forRoot}`);

test.skipIf(forRoot)('of other users all is told but their I/O', () => {
  const seen = play('nobody', 20);
  expect(seen).toMatchObject({ isUnique: true, sleepers: 20, own: true, ioKnown: 1, left: 0, first: 1 });
  expect(new Set(seen['gaps'] as string[])).toEqual(new Set(['processes.readBytes: permission']));
});

test.skipIf(forRoot)('where /proc hides other users, our own processes are all', () => {
  const seen = play('hidden', 20);
  expect(seen).toMatchObject({ isUnique: true, sleepers: 0, own: true, left: 0, gaps: ['processes.others: permission'], first: null });
  expect((seen['lengths'] as number[])[0]).toBe(1);
});
