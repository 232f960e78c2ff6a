import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { openHost } from '@hecate/host';
import type { WritableHost } from '@hecate/host';
import type { ActionPlace } from './action-contract.testing.ts';
import { createWritableTree, pictureOf } from './tree-picture.testing.ts';
import type { TreeEntry } from './tree-picture.testing.ts';

/** Why a case is skipped that needs root; null when we are. */
export const needsRoot: string | null = process.geteuid?.() === 0 ? null : 'it needs root';

/** A machine of files whose programs are these: name and text of a shell script, in which `$ROOT` is where its files lie. */
export function createMachine(
  files: Readonly<Record<string, TreeEntry>>,
  programs: Readonly<Record<string, string>>,
): ActionPlace & { readonly host: WritableHost; readonly directory: string; read(file: string): string } {
  const tree = createWritableTree({ '/proc/self/status': 'Name:\tnode\nCapEff:\t000001ffffffffff\n', ...files });
  const bin = `${tree.directory}.bin`;
  mkdirSync(bin);
  for (const [name, script] of Object.entries(programs)) {
    const file = path.join(bin, name);
    writeFileSync(file, `#!/bin/sh\nset -e\nROOT='${tree.directory}'\n${script}`);
    chmodSync(file, 0o755);
  }
  const before = process.env['PATH'];
  process.env['PATH'] = `${bin}:${before}`;
  return {
    directory: tree.directory,
    host: { ...tree.host, kind: 'real', run: openHost().run },
    read: tree.read,
    picture: () => pictureOf(tree.directory),
    close: () => {
      process.env['PATH'] = before;
      tree.remove();
      rmSync(bin, { recursive: true, force: true });
    },
  };
}
