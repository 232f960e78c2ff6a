import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { openHost, openRootedHost } from './host.ts';
import type { Host } from './host.ts';
import { isSameProcess, processStart } from './process-identity.ts';

/** Above the largest pid that Linux gives (PID_MAX_LIMIT of linux/threads.h). */
const NOBODY = 2 ** 22 + 1;
const host = openHost();
const linux = test.skipIf(process.platform !== 'linux');

/** Does something with a machine whose /proc says this of our own pid. */
function withStat<T>(stat: string, action: (machine: Host) => T): T {
  const root = mkdtempSync(path.join(tmpdir(), 'hecate-process-'));
  try {
    mkdirSync(path.join(root, `proc/${process.pid}`), { recursive: true });
    writeFileSync(path.join(root, `proc/${process.pid}/stat`), stat);
    return action(openRootedHost(root));
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
const statOf = (state: string): string => `${process.pid} (a) S 7 (b) ${state}${' 0'.repeat(18)} 4711 0 0\n`;

linux('a process starts once: later than the one that started it, and the same at every look', async () => {
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: 'pipe' });
  try {
    const started = processStart(host, child.pid!);
    expect(Number(started)).toBeGreaterThanOrEqual(Number(processStart(host, process.pid)));
    expect(processStart(host, child.pid!)).toBe(started);
    expect(isSameProcess(host, { pid: child.pid!, started })).toBe(true);
    expect(isSameProcess(host, { pid: child.pid!, started: '1' })).toBe(false);
    child.stdin.end();
    await once(child, 'exit');
    expect(isSameProcess(host, { pid: child.pid!, started })).toBe(false);
    expect(processStart(host, child.pid!)).toBeNull();
  } finally {
    child.kill('SIGKILL');
  }
});

test('the start is field 22, counted behind a name with spaces and parentheses', () => {
  withStat(statOf('S'), (machine) => {
    expect(processStart(machine, process.pid)).toBe('4711');
    expect(isSameProcess(machine, { pid: process.pid, started: '4711' })).toBe(true);
  });
});

test.each(['Z', 'X'])('a process in state %s has ended', (state) => {
  withStat(statOf(state), (machine) => {
    expect(processStart(machine, process.pid)).toBeNull();
    expect(isSameProcess(machine, { pid: process.pid, started: '4711' })).toBe(false);
  });
});

test('without a start time only that nobody has the pid is certain', () => {
  for (const stat of ['', 'torn', `${process.pid} (a) S 1`]) {
    withStat(stat, (machine) => {
      expect(processStart(machine, process.pid)).toBeNull();
      expect(isSameProcess(machine, { pid: process.pid, started: '4711' })).toBeNull();
    });
  }
  expect(isSameProcess(host, { pid: process.pid, started: null })).toBeNull();
  expect(isSameProcess(host, { pid: NOBODY, started: null })).toBe(false);
  expect(isSameProcess(host, { pid: NOBODY, started: '1' })).toBe(false);
  expect(processStart(host, NOBODY)).toBeNull();
});
