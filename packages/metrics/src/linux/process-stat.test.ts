import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HecateError } from '@hecate/host';
import { ByteCursor } from '../model/cursor.ts';
import { completeName, createStatLine, parseCommand, parseProcessIo, parseProcessStat, parseStatusUid } from './process-stat.ts';
import { bytesOf } from './rooted-tree.testing.ts';

const tail = 'S 1 10 10 0 -1 4194560 98 0 0 0 12 34 0 0 20 -5 3 0 156146 3133440 380 18446744073709551615 1 1 0\n';

function parse(text: string | Uint8Array): { name: string } & ReturnType<typeof createStatLine> {
  const cursor = new ByteCursor().reset(bytesOf(text));
  const line = parseProcessStat(cursor, createStatLine());
  return { ...line, name: cursor.text(line.nameStart, line.nameEnd) };
}

test.each(['bash', 'Web Content', 'a) S 9 (b', '((()))', 'line\nbreak', ''])('the name %j is taken whole', (name) => {
  expect(parse(`42 (${name}) ${tail}`)).toMatchObject({
    pid: 42,
    name,
    state: 83,
    ppid: 1,
    userTicks: 12,
    systemTicks: 34,
    nice: -5,
    threads: 3,
    startTicks: 156146,
    virtual: 3133440,
    rssPages: 380,
    kernel: false,
  });
});

test('a name of bytes that are no UTF-8 is shown with replacement characters', () => {
  expect(parse(Buffer.concat([Buffer.from('7 ('), Buffer.from([0xff, 0xfe]), Buffer.from(`) ${tail}`)])).name).toBe('\ufffd\ufffd');
});

test('any bytes give a line or an error, never NaN', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      try {
        const { name: _name, kernel: _kernel, ...numbers } = parse(bytes);
        for (const value of Object.values(numbers)) expect(Number.isNaN(value)).toBe(false);
      } catch (error) {
        expect(error).toBeInstanceOf(HecateError);
      }
    }),
  );
});

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
});

test('the effective user and the storage bytes', () => {
  expect(parseStatusUid('Name:\tx\nUid:\t1000\t0\t0\t0\n')).toBe(0);
  expect(parseStatusUid('Name:\tx\n')).toBeNull();
  const io = (text: string): ReturnType<typeof parseProcessIo> => parseProcessIo(new ByteCursor().reset(bytesOf(text)));
  expect(io('rchar: 1\nwchar: 2\nread_bytes: 4096\nwrite_bytes: 0\ncancelled_write_bytes: 9\n')).toEqual({
    readBytes: 4096,
    writeBytes: 0,
  });
  expect(io('read_bytes: x\n')).toEqual({ readBytes: null, writeBytes: null });
});
