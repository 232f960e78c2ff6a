import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Host } from '@hecate/host';
import { createTree } from '../rooted-tree.testing.ts';
import type { RootedTree } from '../rooted-tree.testing.ts';
import { accept, deviceFile, failureOf, isDue, parseDeviceNumber, reject } from './device-file.ts';
import { createDevicePool, pooledDevice } from './pool.ts';

const number = (text: string): number | null => parseDeviceNumber(Buffer.from(text), Buffer.byteLength(text));

describe('numbers', () => {
  test('whole, negative, with a fraction, with white space after', () => {
    expect(['55000\n', '-3000', '95.5\n', '0', '12 \n\n'].map(number)).toEqual([55_000, -3000, 95.5, 0, 12]);
  });

  test('anything else is none', () => {
    for (const text of ['', '-', 'N/A', '12 mV', '0x10', '1.2.3', '.5', '+1', '9'.repeat(30), ' 1', '1e3'])
      expect(number(text), text).toBeNull();
  });

  test('any whole number comes back, and any text gives a number or null', () => {
    fc.assert(fc.property(fc.maxSafeInteger(), (value) => number(`${value}\n`) === value));
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const value = parseDeviceNumber(bytes, bytes.length);
        return value === null || Number.isFinite(value);
      }),
    );
  });
});

test('a file that fails sits out longer each time, and no longer when it answers', () => {
  const file = deviceFile('/x', 'number', true);
  const error = Object.assign(new Error('EIO: no'), { code: 'EIO' });
  const turns: number[] = [];
  for (let read = 0; read < 120; read++) {
    if (!isDue(file, read)) continue;
    turns.push(read);
    reject(file, error);
  }
  expect(turns).toEqual([0, 1, 3, 7, 15, 31, 63, 95]);
  expect(failureOf(file).reason).toBe('error');
  accept(file, Buffer.from('7\n'), 2);
  expect([file.value, isDue(file, 121), isDue(file, 122)]).toEqual([7, true, true]);
});

test('what may not be read is tried seldom; what has nothing to say now is no error', () => {
  const file = deviceFile('/x', 'number', true);
  reject(file, Object.assign(new Error('EACCES'), { code: 'EACCES' }));
  expect([file.pause, failureOf(file).reason]).toEqual([31, 'permission']);
  for (const code of ['ENODATA', 'EAGAIN', 'EINVAL']) {
    reject(file, Object.assign(new Error(code), { code }));
    expect(failureOf(file)).toEqual({ reason: 'absent', detail: `The driver has no value now (${code}).` });
  }
});

describe('on a machine that runs', () => {
  let tree: RootedTree;
  let host: Host;
  beforeEach(() => {
    tree = createTree({ 'quick/value': '1\n', 'other/value': '2\n' });
    // The files of a tree, read as those of a machine that runs are.
    host = { ...tree.host, kind: 'real' };
  });
  afterEach(() => tree.remove());

  /** A device whose file answers only when somebody writes into it, as a disk that must first wake. */
  const makeFifo = (name: string): string => {
    mkdirSync(path.join(tree.directory, name));
    const fifo = path.join(tree.directory, name, 'value');
    expect(spawnSync('mkfifo', [fifo]).status).toBe(0);
    return fifo;
  };
  const deviceOf = (name: string): ReturnType<typeof pooledDevice> => pooledDevice([deviceFile(`/${name}/value`, 'number', true)]);
  /** How long a file takes on a busy machine must not decide a test. */
  const anyTime = { quick: Infinity, slow: Infinity };

  /** Opening waits for the reader, and closing ends what it reads. */
  const answer = (fifo: string, text: string): void => {
    const descriptor = openSync(fifo, 'w');
    writeSync(descriptor, text);
    closeSync(descriptor);
  };

  test('a device that does not answer holds up nobody; it answers when it can', async () => {
    const fifo = makeFifo('slow');
    const [slow, quick] = [deviceOf('slow'), deviceOf('quick')];
    const pool = createDevicePool(host, { patience: 50, ...anyTime });
    await pool.read([slow, quick]);
    expect([slow.late, slow.files[0]!.value, quick.late, quick.files[0]!.value]).toEqual([1, null, 0, 1]);
    writeFileSync(path.join(tree.directory, 'quick/value'), '5\n');
    await pool.read([slow, quick]);
    expect([slow.late, quick.files[0]!.value]).toEqual([2, 5]);
    const job = slow.job;
    answer(fifo, '42\n');
    await job;
    expect([slow.files[0]!.value, slow.job]).toEqual([42, null]);
    pool.release([slow, quick]);
  });

  test('many devices that do not answer take two threads, and others are still read once they are known to be quick', async () => {
    const names = ['slow1', 'slow2', 'slow3', 'slow4', 'slow5'];
    const fifos = names.map(makeFifo);
    const quick = deviceOf('quick');
    const slow = names.map(deviceOf);
    const pool = createDevicePool(host, { patience: 50, ...anyTime });
    await pool.read([quick]);
    await pool.read([...slow, quick]);
    writeFileSync(path.join(tree.directory, 'quick/value'), '6\n');
    await pool.read([...slow, quick]);
    expect(quick.files[0]!.value).toBe(6);
    expect(slow.map(({ late }) => late)).toEqual([2, 2, 2, 2, 2]);
    const jobs = slow.map(({ job }) => job);
    for (const [index, fifo] of fifos.entries()) {
      answer(fifo, `${index}\n`);
      await jobs[index];
    }
    expect(slow.map(({ files }) => files[0]!.value)).toEqual([0, 1, 2, 3, 4]);
  });

  test('devices are first read in a thread, and directly once they are known to be quick', async () => {
    const devices = [deviceOf('quick'), deviceOf('other')];
    const direct: string[] = [];
    const watched: Host = {
      ...host,
      read(file) {
        direct.push(file);
        return host.read(file);
      },
    };
    const pool = createDevicePool(watched, anyTime);
    await pool.read(devices);
    expect(devices.map(({ files, late }) => [files[0]!.value, late])).toEqual([
      [1, 0],
      [2, 0],
    ]);
    expect(direct).toEqual([]);
    await pool.read(devices);
    expect(direct).toEqual(['/quick/value', '/other/value']);
  });

  test('a device that is too slow twice goes back to its thread, and none of its files is left out', async () => {
    const files = ['/quick/value', '/other/value'].map((file) => deviceFile(file, 'number', true));
    const device = pooledDevice(files);
    // Every direct read is too slow.
    const pool = createDevicePool(host, { quick: -1, slow: Infinity });
    const modes: boolean[] = [];
    for (let read = 0; read < 5; read++) {
      for (const file of files) file.value = null;
      await pool.read([device]);
      modes.push(device.slow);
      expect(files.map(({ value }) => value)).toEqual([1, 2]);
    }
    expect(modes).toEqual([false, false, true, true, true]);
  });

  test('a device that is slow in its thread stays there', async () => {
    const device = deviceOf('quick');
    const pool = createDevicePool(host, { slow: -1 });
    await pool.read([device]);
    expect(device.slow).toBe(true);
  });
});

test('devices that take more than the budget take turns, but none is left unread', async () => {
  const names = ['a', 'b', 'c', 'd'];
  const tree = createTree(Object.fromEntries(names.map((name) => [`${name}/value`, '1\n'])));
  const devices = names.map((name) => pooledDevice([deviceFile(`/${name}/value`, 'number', true)]));
  // No budget at all: one device a read, once all are known.
  const pool = createDevicePool(tree.host, { budget: 0 });
  await pool.read(devices);
  expect(devices.map(({ reads }) => reads)).toEqual([1, 1, 1, 1]);
  for (let read = 0; read < 4; read++) await pool.read(devices);
  expect(devices.map(({ reads }) => reads)).toEqual([2, 2, 2, 2]);
  tree.remove();
});
