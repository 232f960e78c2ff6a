import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach } from 'vitest';
import { openQueue } from './queue.ts';
import type { Queue, QueueOptions } from './queue.ts';

const made: string[] = [];
const open: Queue[] = [];

afterEach(() => {
  for (const queue of open.splice(0)) queue.close();
  for (const directory of made.splice(0)) rmSync(directory, { recursive: true, force: true });
});

/** A new directory that goes away after the test. */
export function temporary(): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'hecate-push-'));
  made.push(directory);
  return directory;
}

/** A queue that is closed after the test, and what it said. Without other options what is pushed lies on the disk a moment later. */
export function testQueue(options: Partial<QueueOptions> & Pick<QueueOptions, 'directory'>): { queue: Queue; said: string[] } {
  const said: string[] = [];
  const queue = openQueue({ what: 'samples for test', say: (sentence) => said.push(sentence), ...options });
  open.push(queue);
  return { queue, said };
}

/** Everything that waits, taken out in batches of up to `most`, as texts. */
export function drain(queue: Queue, most = 10): string[] {
  const texts: string[] = [];
  for (let batch = queue.peek(most, 1e6); batch; batch = queue.peek(most, 1e6)) {
    texts.push(...batch.records.map((record) => record.toString()));
    queue.release(batch);
  }
  return texts;
}
