import { chmodSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { openHost } from '@hecate/host';
import { expect, test } from 'vitest';
import { parseAttributeNumber, readAttribute, readNumber } from './attribute.ts';
import { createTree } from './rooted-tree.testing.ts';

test('numbers as the kernel writes them, and nothing else', () => {
  expect(['0', '-1', '1500', '0x1303', '0XFF'].map(parseAttributeNumber)).toEqual([0, -1, 1500, 0x1303, 255]);
  for (const text of [null, '', ' ', '1 2', 'x', '0x', '1.5', '1e3', '+1', 'Infinity', '9'.repeat(400)])
    expect(parseAttributeNumber(text)).toBeNull();
});

test('one line without its end; empty is empty, absent is null', () => {
  const tree = createTree({ '/sys/a': 'up\n', '/sys/b': '', '/sys/c': 'one\ntwo\n', '/sys/d': '7' });
  const read = (name: string): string | null => readAttribute(tree.host, `/sys/${name}`);
  expect(['a', 'b', 'c', 'd', 'e', 'a/x'].map(read)).toEqual(['up', '', 'one', '7', null, null]);
  expect(readNumber(tree.host, '/sys/d')).toBe(7);
  tree.remove();
});

const isRoot = process.getuid?.() === 0;
if (isRoot) console.warn('SKIPPED: an attribute that may not be read: root may read all');
test.skipIf(isRoot)('what may not be read is an error, not silence', () => {
  const tree = createTree({ '/sys/secret': '1\n' });
  chmodSync(path.join(tree.directory, 'sys/secret'), 0);
  expect(() => readAttribute(tree.host, '/sys/secret')).toThrow('EACCES');
  tree.remove();
});

test('a directory is an error, not silence', () => {
  const tree = createTree({});
  mkdirSync(path.join(tree.directory, 'sys'));
  expect(() => readAttribute(tree.host, '/sys')).toThrow('EISDIR');
  tree.remove();
});

test('the speed of the loopback, which has none, is silence (the kernel answers EINVAL)', () => {
  expect(readAttribute(openHost(), '/sys/class/net/lo/speed')).toBeNull();
  expect(readNumber(openHost(), '/sys/class/net/lo/ifindex')).toBe(1);
});
