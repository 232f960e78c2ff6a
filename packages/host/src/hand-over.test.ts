import { chownSync, linkSync, lstatSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { handOver } from './hand-over.ts';

const possible = process.platform === 'linux' && process.getuid?.() === 0;
if (!possible) process.stdout.write('SKIPPED: to hand files over takes root on Linux\n');

test.skipIf(!possible)('what root made there is the user’s, and nothing that lies elsewhere', () => {
  const place = mkdtempSync(path.join(tmpdir(), 'hecate-hand-over-'));
  const at = (...names: string[]): string => path.join(place, ...names);
  const owner = (...names: string[]): number => lstatSync(at(...names)).uid;
  try {
    for (const directory of ['data', 'elsewhere', 'data/made', 'data/made/deep']) mkdirSync(at(directory));
    for (const file of ['data/token', 'data/made/deep/file', 'elsewhere/secret', 'elsewhere/second', 'data/other'])
      writeFileSync(at(file), '');
    chownSync(at('data'), 65_534, 65_534);
    chownSync(at('data', 'other'), 1, 1);
    symlinkSync(at('elsewhere'), at('data', 'link'));
    symlinkSync(at('elsewhere', 'secret'), at('data', 'made', 'link'));
    linkSync(at('elsewhere', 'second'), at('data', 'second'));
    handOver(at('data'), { name: 'nobody', uid: 65_534, gid: 65_534 });
    for (const ours of ['data', 'data/token', 'data/made', 'data/made/deep', 'data/made/deep/file']) expect(owner(ours), ours).toBe(65_534);
    for (const theirs of ['elsewhere', 'elsewhere/secret', 'elsewhere/second', 'data/second']) expect(owner(theirs), theirs).toBe(0);
    expect(owner('data', 'other')).toBe(1);
    handOver(at('data', 'link'), { name: 'nobody', uid: 65_534, gid: 65_534 });
    handOver(at('nowhere'), { name: 'nobody', uid: 65_534, gid: 65_534 });
    expect(owner('elsewhere', 'secret')).toBe(0);
  } finally {
    rmSync(place, { recursive: true });
  }
});
