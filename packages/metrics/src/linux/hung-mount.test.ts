import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundleProgram } from '../bundle.testing.ts';

/** A private mount and process namespace, in which process 1 is ours. */
const UNSHARE = ['--mount', '--propagation', 'private', '--pid', '--fork', '--kill-child', '--mount-proc'] as const;

function whyNot(): string | null {
  if (process.platform !== 'linux') return 'this is not Linux';
  if (process.getuid?.() !== 0) return 'mounting needs root';
  if (!existsSync('/dev/fuse')) return 'there is no /dev/fuse (modprobe fuse)';
  const { status, stderr, error } = spawnSync('unshare', [...UNSHARE, 'true'], { encoding: 'utf8' });
  return status === 0 ? null : `no namespace can be made here: ${error?.message ?? stderr.trim()}`;
}

const missing = whyNot();
if (missing) console.warn(`SKIPPED: file systems that do not answer: ${missing}`);

let directory = '';
const program = (): string => path.join(directory, 'program.mjs');
const root = fileURLToPath(new URL('../../../../', import.meta.url));

beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'hecate-hung-'));
  await bundleProgram(new URL('private-mounts.testing.ts', import.meta.url), program());
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Runs a scenario in its namespace; what it mounts goes with it. */
function play(scenario: string): { status: number | null; result: unknown } {
  const place = mkdtempSync(path.join(directory, `${scenario}-`));
  const { status, signal, stdout, stderr } = spawnSync('unshare', [...UNSHARE, process.execPath, program(), scenario, place], {
    encoding: 'utf8',
    timeout: 50_000,
    killSignal: 'SIGKILL',
    env: { ...process.env, NODE_PATH: path.join(root, 'node_modules') },
  });
  if (signal) throw new Error(`${scenario} did not end by itself: ${stderr}`);
  expect(stderr).toBe('');
  return { status, result: JSON.parse(stdout) };
}

const live = { size: 1_048_576, error: null };
const late = { size: null, error: 'mountpoint timeout' };

test.skipIf(missing)('a dead mount makes a gap, and nothing else waits for it', () => {
  const { status, result } = play('oneDead');
  expect(status).toBe(0);
  const { hung, otherFiles, ended, gone } = result as { hung: { ticks: number }[]; otherFiles: boolean; ended: object; gone: object };
  expect(hung).toMatchObject([
    { rows: { before: live, dead: late, after: live }, gaps: { dead: 'timeout: It did not answer within 1 s.' } },
    { rows: { before: live, dead: late, after: live }, gaps: { dead: 'timeout: It has not answered an earlier call yet.' } },
  ]);
  expect(hung[0]!.ticks).toBeGreaterThan(3);
  expect(otherFiles).toBe(true);
  expect(ended).toMatchObject({
    rows: { dead: { size: null, error: expect.stringMatching(/dead: .* \(ENOTCONN\)\.$/) } },
    gaps: { dead: expect.stringMatching(/^error: \/.*dead: .* \(ENOTCONN\)\.$/) },
  });
  expect(gone).toMatchObject({ rows: { before: live, after: live }, gaps: {} });
});

test.skipIf(missing)('of many dead mounts two are asked, and files can still be read', () => {
  const { result } = play('manyDead');
  const { seen, otherFiles } = result as { seen: { rows: Record<string, unknown>; gaps: Record<string, string> }[]; otherFiles: boolean };
  expect(otherFiles).toBe(true);
  for (const { rows, gaps } of seen) {
    expect(rows).toEqual({ dead1: late, dead2: late, dead3: late, dead4: late, live });
    expect([gaps['dead3'], gaps['dead4']]).toEqual(
      Array<string>(2).fill('timeout: It was not asked, because 2 other mounts do not answer.'),
    );
  }
});

test.skipIf(missing)('process.exit() ends the process while a call hangs, with its status', () => {
  expect(play('exits')).toEqual({ status: 7, result: { heard: 7 } });
});

test.skipIf(missing)('under a mounted root, only what is mounted there is measured', () => {
  const nothing = { size: null, error: 'It is not mounted under the root.' };
  expect(play('rooted').result).toEqual([
    { mountpoint: '/data here', size: 2_097_152, error: null },
    { mountpoint: '/not here', ...nothing },
    { mountpoint: '/', ...nothing },
  ]);
});

test.skipIf(missing)('the mounts are those of process 1, measured as it sees them', () => {
  expect(play('elsewhere').result).toMatchObject({ rows: { live }, gaps: {} });
});

test.skipIf(missing)('a file system that is mounted in several places is listed where df lists it', () => {
  const { all, ours, df } = play('bound').result as { all: number; ours: string[]; df: string[] };
  expect(all).toBe(7);
  expect(ours.map((mountpoint) => path.basename(mountpoint))).toEqual(['one', 'two']);
  expect(ours).toEqual(df);
});
