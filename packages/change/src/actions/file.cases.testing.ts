import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openHost, openWritableHost } from '@hecate/host';
import type { FileAction } from '../action.ts';
import type { ActionPlace, ActionSuite } from './action-contract.testing.ts';
import { createWritableTree, pictureOf } from './tree-picture.testing.ts';
import type { TreeEntry } from './tree-picture.testing.ts';

const treeOf = (files: Readonly<Record<string, TreeEntry>>) => (): ActionPlace => {
  const tree = createWritableTree(files);
  return { host: tree.host, close: tree.remove };
};

/** On the machine we run on; the name is known before it is made. */
const REAL = path.join(tmpdir(), `hecate-file-${process.pid}`);

function openReal(): ActionPlace {
  rmSync(REAL, { recursive: true, force: true });
  const made = mkdtempSync(`${REAL}-`);
  symlinkSync(made, REAL);
  writeFileSync(path.join(REAL, 'config'), 'before\n');
  chmodSync(path.join(REAL, 'config'), 0o600);
  return {
    host: openWritableHost(openHost()),
    picture: () => pictureOf(made),
    close: () => {
      rmSync(REAL);
      rmSync(made, { recursive: true });
    },
  };
}

export const suite: ActionSuite<FileAction> = {
  shape: { optional: ['mode'], nullable: ['content'], text: ['content'], paths: ['path'] },
  cases: [
    {
      name: 'a file that is there is replaced',
      action: { kind: 'file', path: '/etc/a.conf', content: 'new\n', mode: 0o640 },
      open: treeOf({ '/etc/a.conf': { content: 'old\n', mode: 0o600 }, '/etc/.b.conf.hecate': 'of somebody else\n' }),
    },
    {
      name: 'a file is made with three directories',
      action: { kind: 'file', path: '/etc/a/b/c/d.conf', content: '' },
      open: treeOf({ '/etc/other': 'x' }),
    },
    { name: 'a file is removed', action: { kind: 'file', path: '/etc/a.conf', content: null }, open: treeOf({ '/etc/a.conf': 'old\n' }) },
    {
      name: 'bytes that are no text come back',
      action: { kind: 'file', path: '/etc/a.bin', content: 'text ä €\n' },
      open: treeOf({ '/etc/a.bin': Uint8Array.of(0, 255, 254, 10, 0xc3) }),
    },
    {
      name: 'a file in the place of a link',
      action: { kind: 'file', path: '/etc/a.conf', content: 'new\n' },
      open: treeOf({ '/etc/a.conf': { link: '/etc/b.conf' }, '/etc/b.conf': 'not touched\n' }),
    },
    {
      name: 'a file through a link to its directory',
      action: { kind: 'file', path: '/etc/link/sub/a.conf', content: 'new\n' },
      open: treeOf({ '/etc/link': { link: '../srv/config' }, '/srv/config': { directory: true } }),
    },
    { name: 'a file of this machine', action: { kind: 'file', path: path.join(REAL, 'config'), content: 'after\n' }, open: openReal },
    { name: 'a new file of this machine', action: { kind: 'file', path: path.join(REAL, 'd', 'e', 'new'), content: 'x' }, open: openReal },
  ],
};
