import { expect, test } from 'vitest';
import { keepOptional } from './optional-file.ts';
import { createTree } from './rooted-tree.testing.ts';

test('a file that is not there is found when it comes, some reads later; another error is told as it is', () => {
  const tree = createTree({ 'proc/folder/inside': '' });
  try {
    const file = keepOptional(tree.host, '/proc/late');
    expect(file.read()).toBeNull();
    const first = file.absence;
    expect(first).toMatchObject({ code: 'ENOENT' });
    tree.write('proc/late', 'here\n');
    // In between it is the very same error: nothing was looked at.
    for (let read = 0; read < 60; read++) expect([file.readOnce(), file.absence === first]).toEqual([null, true]);
    const { buffer, length } = file.readOnce()!;
    expect(buffer.toString('utf8', 0, length)).toBe('here\n');
    file.close();
    const folder = keepOptional(tree.host, '/proc/folder');
    for (let read = 0; read < 3; read++) expect(() => folder.readOnce()).toThrow(expect.objectContaining({ code: 'EISDIR' }));
    folder.close();
  } finally {
    tree.remove();
  }
});
