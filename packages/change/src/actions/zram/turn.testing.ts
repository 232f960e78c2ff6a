import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HecateError, takeFileLock } from '@hecate/host';
import type { FileLock } from '@hecate/host';

const FILE = path.join(tmpdir(), 'hecate-zram-test.lock');

/** Waits until no other test has a zram device: the kernel numbers them, so two at once would get one another's. */
export async function takeTurn(): Promise<FileLock> {
  for (;;) {
    try {
      return takeFileLock(FILE, { holder: 'test of zram', place: '/sys/block', hint: 'Wait.' });
    } catch (error) {
      if (!(error instanceof HecateError) || error.code !== 'CONFLICT') throw error;
      await sleep(50);
    }
  }
}
