import { closeSync, existsSync, fsyncSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openMachine } from '@hecate/metrics';
import type { SwapReading } from '@hecate/metrics';
import { afterAll, expect, test } from 'vitest';
import { holdMachine } from '../packages/change/src/shared-machine.testing.ts';

function zramRows(): SwapReading['zram'] {
  using machine = openMachine();
  return machine.swap().value!.zram;
}

const CONTROL = '/sys/class/zram-control';
const canZram = process.getuid?.() === 0 && existsSync(CONTROL) && spawnSync('mknod', ['--version']).status === 0;
if (!canZram) console.warn('SKIPPED: a real zram device: this needs root and the zram module');

// Tests of changes compare the devices that there are with those that there were.
if (canZram) afterAll(await holdMachine('zram'));

test.runIf(canZram)('a real zram device: what is written is stored, and compressed', () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'hecate-zram-'));
  const number = readFileSync(`${CONTROL}/hot_add`, 'utf8').trim();
  const device = `zram${number}`;
  try {
    const unused = zramRows().map((row) => row.device);
    expect(unused).not.toContain(device);
    writeFileSync(`/sys/block/${device}/disksize`, '8M');
    const [major, minor] = readFileSync(`/sys/block/${device}/dev`, 'utf8').trim().split(':');
    const node = path.join(directory, 'node');
    expect(spawnSync('mknod', [node, 'b', major!, minor!]).status).toBe(0);
    // Each page is text that compresses well, and none is the same word all over.
    const text = (page: number): string => Array.from({ length: 700 }, (_, line) => `page ${page} line ${line % 50};`).join(' ');
    const block = Buffer.concat(Array.from({ length: 256 }, (_, page) => Buffer.from(text(page)).subarray(0, 4096)));
    const descriptor = openSync(node, 'r+');
    writeSync(descriptor, block);
    fsyncSync(descriptor);
    closeSync(descriptor);
    const row = zramRows().find((found) => found.device === device);
    expect(row).toMatchObject({ size: 8 * 2 ** 20, stored: 2 ** 20, samePages: 0 });
    expect(row!.compressed).toBeLessThan(2 ** 19);
    expect(row!.ratio).toBeGreaterThan(2);
    expect(row!.algorithm).toMatch(/^\w[\w-]*$/);
  } finally {
    writeFileSync(`/sys/block/${device}/reset`, '1');
    writeFileSync(`${CONTROL}/hot_remove`, number);
    rmSync(directory, { recursive: true });
  }
});
