import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const program = fileURLToPath(new URL('../packages/metrics/darwin-fake/arm64.mjs', import.meta.url));

/** Milliseconds: an emulator takes ten times as long, and the other half of the machine tests something else. */
const PATIENCE = 600_000;

test('the macOS backend passes its tests on Node for arm64, in an emulator', { timeout: PATIENCE }, ({ skip }) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program], { encoding: 'utf8' });
  // The program says what it lacks with status 2.
  skip(status === 2, `skipped: ${stderr.trim().replaceAll('\n', ' ')}`);
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: expect.stringMatching(/^\d{3,} tests$/m), stderr: '' });
});
