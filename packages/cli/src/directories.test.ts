import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openHost, openRootedHost } from '@hecate/host';
import type { Host } from '@hecate/host';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { journalDirectory } from './directories.ts';

describe('the journal of changes', () => {
  let root: string;
  let tree: Host;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'hecate-root-'));
    mkdirSync(join(root, 'proc'));
    tree = openRootedHost(root);
    vi.stubEnv('HECATE_STATE_DIR', undefined);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(root, { recursive: true });
  });

  it.runIf(process.platform === 'linux')('of this machine is of the system for root, and of the user for others', () => {
    vi.stubEnv('XDG_STATE_HOME', '/home/ada/state');
    vi.spyOn(process, 'getuid').mockReturnValueOnce(0).mockReturnValueOnce(1000);
    expect(journalDirectory(openHost())).toBe('/var/lib/hecate/journal');
    expect(journalDirectory(openHost())).toBe('/home/ada/state/hecate/journal');
  });

  it('of a tree lies in the tree, whatever the environment says of this machine', () => {
    vi.stubEnv('HECATE_STATE_DIR', '/elsewhere');
    expect(journalDirectory(openHost())).toBe('/elsewhere/journal');
    expect(journalDirectory(tree)).toBe(join(tree.root, 'var/lib/hecate/journal'));
    mkdirSync(join(root, 'var/lib/hecate'), { recursive: true });
    expect(journalDirectory(tree)).toBe(join(tree.root, 'var/lib/hecate/journal'));
    expect(journalDirectory(tree, '/named')).toBe('/named/journal');
  });

  it('follows links inside of the tree, and none out of it', () => {
    mkdirSync(join(root, 'data'));
    symlinkSync('data', join(root, 'var'));
    expect(journalDirectory(tree)).toBe(join(tree.root, 'data/lib/hecate/journal'));
    symlinkSync('/etc', join(root, 'data/lib'));
    expect(() => journalDirectory(tree)).toThrow('leads out of');
  });
});
