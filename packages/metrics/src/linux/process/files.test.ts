import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HecateError } from '@hecate/host';
import { bytesOf } from '../rooted-tree.testing.ts';
import { completeName, parseArguments, parseCommand } from './command.ts';
import { parseProcessIo } from './io.ts';
import type { IoNumbers } from './io.ts';
import { parsePids } from './pid-list.ts';
import { parseStatusNumbers } from './status.ts';
import type { StatusNumbers } from './status.ts';

const status = (text: string | Uint8Array): StatusNumbers =>
  parseStatusNumbers(bytesOf(text), { uid: 0, gid: 0, voluntarySwitches: 0, involuntarySwitches: 0 });
const io = (text: string | Uint8Array): IoNumbers => parseProcessIo(bytesOf(text), { readBytes: 0, writeBytes: 0 });

test('a cut name is completed from the command, another is left', () => {
  expect(completeName('systemd-journal', '/lib/systemd/systemd-journald')).toBe('systemd-journald');
  expect(completeName('prometheus-node', 'something else')).toBe('prometheus-node');
  expect(completeName('sh', '/bin/shell')).toBe('sh');
  expect(completeName('kworker/0:0-eve', '')).toBe('kworker/0:0-eve');
  expect(completeName('npm exec vitest', 'npm exec vitest run')).toBe('npm exec vitest run');
});

test('arguments are separated by spaces, trailing NULs and spaces dropped', () => {
  const command = (text: string): string => parseCommand(Buffer.from(text), Buffer.byteLength(text)).line;
  expect(command('node\0-e\u00000\0')).toBe('node -e 0');
  expect(command('nginx: worker process   \0\0')).toBe('nginx: worker process');
  expect(command('')).toBe('');
  const words = (text: string): string[] => parseArguments(Buffer.from(text), Buffer.byteLength(text));
  expect(words('node\0-e\0\0')).toEqual(['node', '-e', '']);
  expect(words('a title')).toEqual(['a title']);
  expect(words('')).toEqual([]);
});

test('the effective user and group and the switches', () => {
  const text =
    'Name:\tx\\nUid:\t9 Uid:\t8\nUid:\t1000\t12\t0\t0\nGid:\t1\t0\t2\t3\nvoluntary_ctxt_switches:\t34\nnonvoluntary_ctxt_switches:\t5\n';
  expect(status(text)).toEqual({ uid: 12, gid: 0, voluntarySwitches: 34, involuntarySwitches: 5 });
  expect(status('Name:\tx\n')).toEqual({
    uid: Number.NaN,
    gid: Number.NaN,
    voluntarySwitches: Number.NaN,
    involuntarySwitches: Number.NaN,
  });
  expect(status('Name:\tx\nUid:\t1000\n').uid).toBeNaN();
});

test('the storage bytes', () => {
  expect(io('rchar: 1\nwchar: 2\nread_bytes: 4096\nwrite_bytes: 0\ncancelled_write_bytes: 9\n')).toEqual({
    readBytes: 4096,
    writeBytes: 0,
  });
  expect(io('read_bytes: x\n')).toEqual({ readBytes: Number.NaN, writeBytes: Number.NaN });
});

test('process ids are names of digits, in ascending order, each once', () => {
  expect(parsePids(['1', '10', '200', 'self', 'net', '3x', '0', '01', '9'.repeat(30), ''])).toEqual([1, 10, 200]);
  expect(parsePids(['20', '3', '100', '3'])).toEqual([3, 20, 100]);
});

test('any bytes give numbers, NaN for unknown, or an error: never infinity', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('\nUid:\t', '\nread_bytes: ', '9'.repeat(30), '1', '\t', '\n', '-', 'x')), (parts) => {
      try {
        for (const value of Object.values({ ...status(parts.join('')), ...io(parts.join('')) })) expect(Math.abs(value)).not.toBe(Infinity);
      } catch (error) {
        expect(error).toBeInstanceOf(HecateError);
      }
    }),
  );
});
