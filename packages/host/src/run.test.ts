import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { HecateError, isTimeout } from './error.ts';
import { runProgram } from './run.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'hecate-run-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
};

/** A program that starts another one, says its number, and waits for it. */
function parent(detached = false): readonly [string, ...string[]] {
  const file = path.join(directory, 'parent.mjs');
  const note = path.join(directory, 'child');
  writeFileSync(
    file,
    `import { spawn } from 'node:child_process';
import { writeFileSync, renameSync } from 'node:fs';
const child = spawn('sleep', ['300'], { stdio: 'inherit', detached: ${detached} });
writeFileSync(${JSON.stringify(`${note}~`)}, String(child.pid));
renameSync(${JSON.stringify(`${note}~`)}, ${JSON.stringify(note)});`,
  );
  return [process.execPath, file];
}

const childOf = async (): Promise<number> => {
  let pid = 0;
  await expect
    .poll(() => {
      try {
        pid = Number(readFileSync(path.join(directory, 'child'), 'utf8'));
      } catch {
        // Not yet.
      }
      return pid;
    })
    .toBeGreaterThan(0);
  return pid;
};

test.runIf(process.platform === 'linux')('a group ends with its program at a timeout', async () => {
  const running = runProgram(parent(), { timeout: 5, group: true });
  const ended = running.catch((error: unknown) => error);
  const child = await childOf();
  expect(isAlive(child)).toBe(true);
  const refusal = await ended;
  expect(refusal).toMatchObject({ code: 'FAILED', message: expect.stringContaining('did not end within') });
  // Another failure is none of time.
  expect([isTimeout(refusal), isTimeout(new HecateError('FAILED', 'It broke.'))]).toEqual([true, false]);
  await expect.poll(() => isAlive(child)).toBe(false);
});

test.runIf(process.platform === 'linux')('what cannot be ended is not waited for', async () => {
  // A child that left the group holds the pipes open: nobody can tell that the program is gone.
  const ended = runProgram(parent(true), { timeout: 5, group: true }).catch((error: unknown) => error);
  const child = await childOf();
  try {
    expect(isTimeout(await ended)).toBe(true);
    expect(isAlive(child)).toBe(true);
  } finally {
    process.kill(child, 'SIGKILL');
  }
});

test.runIf(process.platform === 'linux')('a group ends with its program when it is called off', async () => {
  const calledOff = new AbortController();
  const running = runProgram(parent(), { timeout: 60, group: true, signal: calledOff.signal });
  const ended = running.catch((error: unknown) => error);
  const child = await childOf();
  calledOff.abort();
  expect(await ended).toMatchObject({ name: 'AbortError' });
  await expect.poll(() => isAlive(child)).toBe(false);
});

test('a program that is not there starts nothing, in a group or not', async () => {
  for (const group of [true, false]) {
    await expect(runProgram(['/nonexistent/program'], { group })).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  }
});
