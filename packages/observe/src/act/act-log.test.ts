import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { openActLog } from './act-log.ts';

test('nothing is asked for that is not written down; what was done is done, whether it can be written or not', () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'hecate-acts-'));
  const file = path.join(directory, 'state', 'acts.jsonl');
  const said: string[] = [];
  const log = openActLog(file, (text) => said.push(text));
  try {
    log({ act: 'signal', pid: 7, result: 'asked' });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ act: 'signal', pid: 7, result: 'asked', time: expect.any(Number) });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    rmSync(file);
    mkdirSync(file);
    log({ act: 'signal', pid: 7, result: 'done' });
    expect(said.at(-1)).toMatch(/^act: .*result=done, which could not be written down: .+\.$/);
    const told = said.length;
    expect(() => log({ act: 'signal', pid: 8, result: 'asked' })).toThrow(
      expect.objectContaining({ code: 'FAILED', message: expect.stringMatching(/^Nothing is done that is not written down/) }),
    );
    expect(said).toHaveLength(told);
  } finally {
    rmSync(directory, { recursive: true });
  }
});
