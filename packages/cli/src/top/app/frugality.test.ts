import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { FLAGS } from './frugality.ts';

test('this Node knows each flag: it would say onto the screen that it does not', () => {
  const { stdout, stderr, status } = spawnSync(process.execPath, [...FLAGS, '--print', '1'], { encoding: 'utf8' });
  expect({ stdout, stderr, status }).toEqual({ stdout: '1\n', stderr: '', status: 0 });
  const wrong = spawnSync(process.execPath, [...FLAGS, '--no-such-flag', '--print', '1'], { encoding: 'utf8' });
  expect(wrong.status).not.toBe(0);
});
