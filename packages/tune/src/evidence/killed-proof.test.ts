import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { loopDeviceMissing, queueValue, withLoopDevice } from './loop-device.testing.ts';

const why = loopDeviceMissing();
if (why) console.warn(`Skipped: a proof that is killed: ${why}.`);

/** Proves something that it never comes to an end with. */
const PROVER = `
  import { openHost } from '@hecate/host';
  import { openRealEngine, queueChange } from './loop-device.testing.ts';
  import { proveChanges } from './prove.ts';
  const [, , device, journal] = process.argv;
  const plan = { component: 'tune', title: 'a proof', changes: [queueChange(device, 'read_ahead_kb', '64')] };
  await proveChanges({ engine: openRealEngine(journal), host: openHost(), plan, workload: { argv: ['sleep', '0.02'] }, rounds: 100, margin: 0, force: true });
`;

const source = (name: string): string => fileURLToPath(new URL(`../../../${name}/src/index.ts`, import.meta.url));

/** Bundles it: a process of its own does not read TypeScript. */
async function bundle(directory: string): Promise<string> {
  const outfile = path.join(directory, 'prover.mjs');
  await build({
    stdin: { contents: PROVER, resolveDir: fileURLToPath(new URL('.', import.meta.url)), loader: 'ts' },
    alias: Object.fromEntries(['host', 'change', 'metrics'].map((name) => [`@hecate/${name}`, source(name)])),
    external: ['koffi'],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
  });
  return outfile;
}

/** Waits until the prover has done something, and a little longer. */
async function until(child: ChildProcess, holds: () => boolean, then: number): Promise<void> {
  while (!holds()) {
    expect(child.exitCode).toBeNull();
    await wait(1);
  }
  await wait(then);
}

describe.skipIf(why !== null)('a proof that is killed', () => {
  it('at any moment is undone by recovery', { timeout: 300_000 }, async () => {
    const directory = mkdtempSync(path.join(tmpdir(), 'hecate-killed-'));
    try {
      const prover = await bundle(directory);
      await withLoopDevice(async ({ device, journal, engine }) => {
        const value = (): string => queueValue(device, 'read_ahead_kb');
        const before = value();
        expect(before).not.toBe('64');
        let caught = 0;
        for (let kill = 0; kill < 12; kill++) {
          const child = spawn(process.execPath, [prover, device, journal], { stdio: ['ignore', 'ignore', 'inherit'] });
          await until(child, () => value() === '64', kill * 4);
          child.kill('SIGKILL');
          await once(child, 'exit');
          if (value() === '64') caught++;
          await engine.recover();
          expect(value()).toBe(before);
          expect(engine.list().every(({ phase }) => phase === 'ended')).toBe(true);
        }
        // Some were killed while the change was in force: otherwise nothing was shown.
        expect(caught).toBeGreaterThan(0);
      });
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
});
