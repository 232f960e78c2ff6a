import { closeSync, writeSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { nativeBuffer, openNative } from './native.ts';

const POLLIN = 1;
const EFD_CLOEXEC = 0o2000000;

describe.runIf(process.platform === 'linux')('the native door', () => {
  test('makes system calls by name and throws their errors by name', () => {
    const native = openNative();
    const descriptor = native.syscall('eventfd2', 0, EFD_CLOEXEC);
    expect(descriptor).toBeGreaterThan(2);
    closeSync(descriptor);
    expect(() => native.syscall('eventfd2', 0, 0x7fff)).toThrow(expect.objectContaining({ code: 'EINVAL', syscall: 'eventfd2' }));
    expect(() => native.syscall('fcntl', 987_654, 1)).toThrow(expect.objectContaining({ code: 'EBADF' }));
  });

  test('hands over memory that the kernel writes', () => {
    const mask = nativeBuffer(128);
    expect(openNative().syscall('sched_getaffinity', 0, mask.length, mask)).toBeGreaterThan(0);
    expect(mask.some((byte) => byte !== 0)).toBe(true);
    expect(openNative().address(mask)).toBeGreaterThan(0n);
  });

  test('waits for descriptors without holding the event loop', async () => {
    const native = openNative();
    const descriptor = native.syscall('eventfd2', 0, EFD_CLOEXEC);
    const set = nativeBuffer(8);
    set.writeInt32LE(descriptor, 0);
    set.writeInt16LE(POLLIN, 4);
    try {
      expect(await native.poll(set, 0)).toBe(0);
      const ready = native.poll(set, -1);
      writeSync(descriptor, Buffer.from([1, 0, 0, 0, 0, 0, 0, 0]));
      expect(await ready).toBe(1);
      expect(set.readInt16LE(6) & POLLIN).toBe(POLLIN);
    } finally {
      closeSync(descriptor);
    }
  });
});
