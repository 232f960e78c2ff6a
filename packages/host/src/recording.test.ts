import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openRootedHost } from './host.ts';
import { encodeRecordingHead, parseRecordingHead, RECORDING_FILE } from './recording.ts';
import type { RecordingHead } from './recording.ts';

const head: RecordingHead = {
  platform: 'linux',
  moments: [
    { time: 1000, monotonic: 50 },
    { time: 1002, monotonic: 52 },
  ],
  programs: [
    { argv: ['/bin/df', '-k'], status: 0, signal: null, stdout: 'a\n', stderr: '' },
    { argv: ['/bin/hang'], status: null, signal: 'SIGKILL', stdout: '', stderr: 'x' },
    { argv: ['/bin/none'], error: { code: 'UNAVAILABLE', message: '/bin/none is not installed.' } },
  ],
};

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'hecate-recording-'));
});
afterEach(() => rmSync(root, { recursive: true }));

describe('a head that is damaged is refused with what is wrong', () => {
  const changed = (more: object): string => JSON.stringify({ format: 'hecate-recording', version: 1, ...head, ...more });
  test.each<[string, string, RegExp]>([
    ['no JSON', '{', /not written as JSON, or cut/],
    ['another format', '{}', /format is another one/],
    ['null', 'null', /format is another one/],
    ['a system that nobody knows', changed({ platform: 'plan9' }), /plan9/],
    ['no moments', changed({ moments: [] }), /no moments/],
    ['a moment without a time', changed({ moments: [{ time: 1 }] }), /moment has no time/],
    ['a moment before time began', changed({ moments: [{ time: -1, monotonic: 0 }] }), /moment has no time/],
    ['no programs', changed({ programs: {} }), /no programs/],
    ['a program without arguments', changed({ programs: [{ argv: [] }] }), /no arguments/],
    ['a program that printed nothing', changed({ programs: [{ argv: ['x'], status: 0, signal: null }] }), /what x printed/],
    ['a signal that is none', changed({ programs: [{ argv: ['x'], status: 0, signal: 'no', stdout: '', stderr: '' }] }), /what x printed/],
    ['an error that nobody knows', changed({ programs: [{ argv: ['x'], error: { code: 'OOPS', message: '' } }] }), /error of x/],
  ])('%s', (_what, text, why) => {
    expect(() => parseRecordingHead(text)).toThrow(expect.objectContaining({ code: 'INVALID', message: expect.stringMatching(why) }));
    writeFileSync(path.join(root, RECORDING_FILE), text);
    expect(() => openRootedHost(root)).toThrow(expect.objectContaining({ code: 'INVALID' }));
  });

  test('another version', () => {
    expect(() => parseRecordingHead(changed({ version: 2 }))).toThrow(expect.objectContaining({ code: 'UNSUPPORTED' }));
  });
});

test('what is written is read back; what is for people is passed over', () => {
  expect(parseRecordingHead(encodeRecordingHead(head, { hecate: '1.0.0' }))).toEqual(head);
});

test('a recording stands at its moments, one after the other, and knows what programs printed', async () => {
  writeFileSync(path.join(root, RECORDING_FILE), encodeRecordingHead(head, {}));
  mkdirSync(path.join(root, 'proc'));
  const host = openRootedHost(root);
  expect(host).toMatchObject({ kind: 'rooted', platform: 'linux' });
  expect([host.clock.now(), host.clock.monotonic(), host.clock.stands]).toEqual([1000, 50, true]);
  expect(host.recording).toMatchObject({ count: 2 });
  expect([host.recording!.next(), host.recording!.moment(), host.clock.now(), host.recording!.next()]).toEqual([true, 1, 1002, false]);
  expect(await host.run(['/bin/df', '-k'])).toEqual({ status: 0, signal: null, stdout: 'a\n', stderr: '' });
  expect(await host.run(['/bin/hang'])).toMatchObject({ status: null, signal: 'SIGKILL' });
  await expect(host.run(['/bin/none'])).rejects.toMatchObject({ code: 'UNAVAILABLE', message: '/bin/none is not installed.' });
  await expect(host.run(['/bin/df'])).rejects.toMatchObject({ code: 'UNAVAILABLE', message: expect.stringContaining('was not run') });
});

test('a tree that hecate did not write has no moments', () => {
  mkdirSync(path.join(root, 'proc'));
  expect(openRootedHost(root).recording).toBeUndefined();
});
