import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HecateError, takeFileLock } from '@hecate/host';

/**
 * Waits until no other test changes values of this machine's kernel (swappiness, huge pages), or the one thing of it that is named, and
 * keeps others from it until what it answers is called. Test files run beside one another, and so do whole runs; each compares what it
 * finds with what was there before. It may take as long as the others do: outside of tests and hooks, which have a time limit.
 */
export async function holdMachine(what: string = 'machine'): Promise<() => void> {
  const file = path.join(tmpdir(), `hecate-test-${what}-${process.getuid?.() ?? 0}.lock`);
  for (;;) {
    try {
      return takeFileLock(file, { holder: 'test', place: 'the values of this machine', hint: 'It waits.' }).release;
    } catch (error) {
      if (!(error instanceof HecateError) || error.code !== 'CONFLICT') throw error;
      await sleep(50);
    }
  }
}
