import type { Host } from '@hecate/host';
import { expect, test } from 'vitest';
import { finish } from '../../model/collector.ts';
import { collectGaps } from '../../model/gap.ts';
import type { Gap } from '../../model/gap.ts';
import { createTree } from '../rooted-tree.testing.ts';
import type { Tree } from '../rooted-tree.testing.ts';
import { findOwners } from './owners.ts';
import type { SocketOwners } from './owners.ts';

const files: Tree = {
  'proc/1/comm': 'init\n',
  'proc/1/fd/0': { link: 'socket:[11]' },
  'proc/7/comm': ' two\nlines \n',
  'proc/7/fd/0': { link: 'socket:[11]' },
  'proc/7/fd/1': { link: 'socket:[11]' },
  'proc/7/fd/2': { link: 'socket:[12]' },
  'proc/7/fd/3': { link: 'socket:[99]' },
  'proc/8/stat': 'a process without descriptors that anybody may see',
  'proc/self/fd/0': { link: 'socket:[11]' },
};

/** Looks for owners of sockets 11 and 12 on a machine that throws `code` where `path` is listed or a link. */
function search(path: string, code: string, wanted: readonly number[] = [11, 12]): { owners: SocketOwners; gaps: Gap[] } {
  const tree = createTree(files);
  const fail = (asked: string): void => {
    if (asked === path) throw Object.assign(new Error(`${code}: made for a test`), { code });
  };
  const host: Host = {
    ...tree.host,
    list(asked) {
      fail(asked);
      return tree.host.list(asked);
    },
    readLink(asked) {
      fail(asked);
      return tree.host.readLink(asked);
    },
  };
  const gaps: Gap[] = [];
  const owners = finish(findOwners(host, new Set(wanted), collectGaps(gaps)));
  tree.remove();
  return { owners, gaps };
}

const init = { pid: 1, name: 'init' };
const two = { pid: 7, name: ' two\nlines ' };

test('a socket may have several owners, each named once; others are not looked for', () => {
  const { owners, gaps } = search('', '');
  expect(new Map([...owners].map(([inode, rows]) => [inode, rows.toSorted((a, b) => a.pid - b.pid)]))).toEqual(
    new Map([
      [11, [init, two]],
      [12, [two]],
    ]),
  );
  expect(gaps).toEqual([]);
});

test('processes of other users make a gap only when a socket is left without an owner', () => {
  expect(search('/proc/7/fd', 'EACCES')).toEqual({
    owners: new Map([[11, [init]]]),
    gaps: [{ field: 'connections.owners', reason: 'permission', detail: 'This user may not read the descriptors of 1 process.' }],
  });
  expect(search('/proc/7/fd', 'EACCES', [11]).gaps).toEqual([]);
});

test('a process or a descriptor that goes meanwhile is no fault', () => {
  expect(search('/proc/7/fd', 'ESRCH')).toEqual({ owners: new Map([[11, [init]]]), gaps: [] });
  expect(search('/proc/7/fd/2', 'ENOENT').owners.has(12)).toBe(false);
});

test('other faults have their reason', () => {
  expect(search('/proc/7/fd', 'EIO').gaps).toMatchObject([{ field: 'connections.owners', reason: 'error' }]);
});

test('nothing is looked at when there are no sockets', () => {
  expect(search('/proc', 'EACCES', [])).toEqual({ owners: new Map(), gaps: [] });
});
