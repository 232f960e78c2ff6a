import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseAssignments, parseOsRelease, unquoteShell } from './os-release.ts';

test.each([
  ['debian', 'debian'],
  ['"Debian GNU/Linux"', 'Debian GNU/Linux'],
  ["'single $x \\n'", 'single $x \\n'],
  ['"a \\"b\\" \\$c \\\\ \\`d\\`"', 'a "b" $c \\ `d`'],
  ['"keeps \\n"', 'keeps \\n'],
  ['a\\ b', 'a b'],
  ['"a"\'b\'c', 'abc'],
  ['', ''],
  ['""', ''],
  ['x # not the value', 'x'],
  ['x#y', 'x#y'],
  ['"x # y"', 'x # y'],
  ['42  ', '42'],
  ['"open', null],
  ["'open", null],
])('%s is %s', (value, expected) => {
  expect(unquoteShell(value)).toBe(expected);
});

test('comments, blank lines, lines that are none, and the last of a name', () => {
  expect([...parseAssignments('# NAME=no\n\n  ID=one\nID=two\nBAD LINE\n1X=3\nEMPTY=\r\nURL=https://x?a=b\nOPEN="x\n')]).toEqual([
    ['ID', 'two'],
    ['EMPTY', ''],
    ['URL', 'https://x?a=b'],
  ]);
});

test('Fedora and an empty file', () => {
  expect(
    parseOsRelease(
      'NAME="Fedora Linux"\nVERSION="41 (Server Edition)"\nID=fedora\nVERSION_ID=41\nVERSION_CODENAME=""\nPRETTY_NAME="Fedora Linux 41 (Server Edition)"\nVARIANT="Server Edition"\nVARIANT_ID=server\nSUPPORT_END=2025-12-15\n',
    ),
  ).toEqual({
    name: 'Fedora Linux',
    prettyName: 'Fedora Linux 41 (Server Edition)',
    id: 'fedora',
    idLike: null,
    version: '41 (Server Edition)',
    versionId: '41',
    versionCodename: null,
    variant: 'Server Edition',
    variantId: 'server',
    buildId: null,
    imageId: null,
    imageVersion: null,
    supportEnd: '2025-12-15',
  });
  expect(Object.values(parseOsRelease('')).every((value) => value === null)).toBe(true);
});

test('any text is read', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(Object.keys(parseOsRelease(`ID=${text}`))).toHaveLength(13);
    }),
  );
});
