import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as text from './detail-text.ts';
import { parseTerminalDrivers, terminalPath } from './terminal.ts';

const DRIVERS = parseTerminalDrivers(
  [
    '/dev/tty             /dev/tty        5       0 system:/dev/tty',
    'serial               /dev/ttyS       4 64-95 serial',
    'pty_slave            /dev/pts      136 0-1048575 pty:slave',
    'unknown              /dev/tty        4 1-63 console',
    'broken',
  ].join('\n'),
);

test.each([
  [0x8803, '/dev/pts/3'],
  // Minor 300: its upper bits lie above the major's.
  [0x8800 | 0x2c | (0x100 << 12), '/dev/pts/300'],
  [(4 << 8) | 2, '/dev/tty2'],
  [(4 << 8) | 65, '/dev/ttyS1'],
  [5 << 8, '/dev/tty'],
  [(200 << 8) | 1, null],
])('the terminal of number %d is %s', (number, path) => {
  expect(terminalPath(number, DRIVERS)).toBe(path);
});

test('limits: names hold single spaces, and unlimited is null', () => {
  const table = [
    'Limit                     Soft Limit           Hard Limit           Units     ',
    'Max open files            1024                 524288               files     ',
    'Max stack size            8388608              unlimited            bytes     ',
    'Max nice priority         0                    0                    ',
  ].join('\n');
  expect(text.parseLimits(table)).toEqual([
    { name: 'Max open files', soft: 1024, hard: 524_288, unit: 'files' },
    { name: 'Max stack size', soft: 8_388_608, hard: null, unit: 'bytes' },
    { name: 'Max nice priority', soft: 0, hard: 0, unit: '' },
  ]);
});

test('an environment may hold anything: the first of a name counts', () => {
  expect(text.parseEnvironment('A=1\0B=x=y\nz\0A=2\0nothing\0=odd\0__proto__=p\0')).toEqual(
    Object.fromEntries([
      ['A', '1'],
      ['B', 'x=y\nz'],
      ['__proto__', 'p'],
    ]),
  );
});

test('lists of CPUs', () => {
  expect(text.parseCpuList('0-2,5')).toEqual([0, 1, 2, 5]);
  for (const wrong of ['', '3-', 'x', '0-99999', undefined]) expect(text.parseCpuList(wrong)).toBeNull();
});

test('kinds of descriptors', () => {
  expect(
    ['socket:[1]', 'pipe:[1]', 'anon_inode:[eventpoll]', '/memfd:x (deleted)', '/dev/null', '/etc/passwd', 'net:[1]'].map((target) =>
      text.descriptorKind(target, 0),
    ),
  ).toEqual(['socket', 'pipe', 'anonymous', 'memory', 'device', 'file', 'other']);
});

test('any text gives values or null, never NaN', () => {
  const words = fc.array(
    fc.constantFrom('Pss:', 'Private_Clean:', 'Private_Dirty:', ' 9 kB', '\n', 'rchar:', '12', '-', '\0', '=', '0-3', '9'.repeat(30), ','),
  );
  const hasNaN = (value: unknown): boolean =>
    typeof value === 'number' ? Number.isNaN(value) : typeof value === 'object' && value !== null && Object.values(value).some(hasNaN);
  fc.assert(
    fc.property(words, (parts) => {
      const given = parts.join('');
      const parse = [
        text.parseRollup,
        text.parseWholeIo,
        text.parseLimits,
        text.parseEnvironment,
        text.parseCpuList,
        text.parseIds,
        text.parseNumbers,
        text.kilobytes,
        text.wholeNumber,
        parseTerminalDrivers,
      ];
      for (const one of parse) expect(hasNaN((one as (text: string) => unknown)(given))).toBe(false);
    }),
  );
});
