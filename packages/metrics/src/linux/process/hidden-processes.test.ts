import { expect, test } from 'vitest';
import { parseHidepid } from './hidden-processes.ts';

const line = (point: string, type: string, options: string): string =>
  `22 28 0:21 / ${point} rw,relatime shared:5 - ${type} proc ${options}\n`;

test.each([
  [line('/proc', 'proc', 'rw'), null],
  [line('/proc', 'proc', 'rw,hidepid=invisible'), 'invisible'],
  [line('/proc', 'proc', 'rw,hidepid=2,gid=27'), '2'],
  [line('/proc', 'proc', 'rw,hidepid=2') + line('/proc', 'proc', 'rw'), null],
  [line('/mnt/proc', 'proc', 'rw,hidepid=2'), null],
  [line('/proc/sys/fs/binfmt_misc', 'autofs', 'rw,hidepid=2'), null],
  ['', null],
  ['nonsense\n', null],
])('%j hides by %s', (mountinfo, hidepid) => expect(parseHidepid(mountinfo)).toBe(hidepid));
