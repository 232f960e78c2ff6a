import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { openHost, openRootedHost } from '@hecate/host';
import { openMachineOf } from '../../machine.ts';
import { darwinCollectors } from '../index.ts';
import { openDarwin } from './darwin.ts';

test('a machine that is only files has no libraries, and every reading says so', async () => {
  const root = mkdtempSync(path.join(tmpdir(), 'hecate-darwin-'));
  mkdirSync(path.join(root, 'proc'));
  try {
    const host = openRootedHost(root);
    expect(() => openDarwin(host)).toThrow(expect.objectContaining({ code: 'UNAVAILABLE' }));
    using machine = openMachineOf(darwinCollectors, host);
    const snapshot = await machine.snapshot();
    for (const { name, onRequest } of darwinCollectors) {
      if (onRequest) continue;
      expect(snapshot[name]).toBeNull();
      expect(snapshot.gaps.find(({ field }) => field === name)).toMatchObject({
        reason: 'absent',
        detail: expect.stringContaining('only files'),
      });
    }
  } finally {
    rmSync(root, { recursive: true });
  }
});

test('a machine of another kind has none of the libraries of Apple: unsupported, and no crash', () => {
  const host = openHost();
  expect(openDarwin(host)).toBe(openDarwin(host));
  if (process.platform === 'darwin') return;
  expect(() => openDarwin(host).libsystem.mach_host_self()).toThrow(expect.objectContaining({ code: 'UNSUPPORTED' }));
});
