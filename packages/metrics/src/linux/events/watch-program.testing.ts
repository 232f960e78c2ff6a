/** A program of its own, started by `poll-thread.test.ts`: how a process with open events ends, and what it leaves to others. */
import { readdirSync, writeSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { fileURLToPath } from 'node:url';
import { openHost } from '@hecate/host';
import { watchEvents } from '../../events/watch-events.ts';

const ONLY = ['link', 'mount', 'clock', 'device'] as const;
const say = (text: string): void => void writeSync(1, text);

/** Opens a watch and leaves it open. */
async function watchOn(signal?: AbortSignal): Promise<void> {
  const events = watchEvents(openHost(), { only: ONLY, ...(signal ? { signal } : {}) });
  await events.next();
  void events.next();
}

const SCENARIOS: Readonly<Record<string, () => Promise<void>>> = {
  /** Ends with its status although a call waits for ever. */
  async exits() {
    await watchOn();
    process.on('exit', (status) => say(`heard ${status}`));
    process.exit(7);
  },
  /** An error that nobody catches. */
  async throws() {
    await watchOn();
    throw new Error('on purpose');
  },
  /** Waits to be ended by a signal. */
  async waits() {
    await watchOn();
    say('ready');
  },
  /** Many watches take one thread: with two in the pool, files can still be read. */
  async shares() {
    await Promise.all(Array.from({ length: 8 }, () => watchOn()));
    say((await readFile('/proc/self/comm')).length > 0 ? 'read' : 'empty');
    process.exit(0);
  },
  /** Says what can be watched of devices. */
  async devices() {
    const controller = new AbortController();
    for await (const event of watchEvents(openHost(), { only: ['device', 'power-source', 'clock'], signal: controller.signal })) {
      say(`${JSON.stringify(event)}\n`);
      if (event.kind === 'watching') controller.abort();
    }
  },
  /** After the abort nothing keeps the process, and nothing is left of the watches. */
  async aborts() {
    const open = (): string => readdirSync('/proc/self/fd').length + ' ' + process.listenerCount('exit');
    // What the first one leaves open for good is the library's.
    const first = new AbortController();
    await watchOn(first.signal);
    first.abort();
    await new Promise((resolve) => setTimeout(resolve, 100));
    const before = open();
    const controller = new AbortController();
    await Promise.all([watchOn(controller.signal), watchOn(controller.signal)]);
    if (open() === before) say('nothing was open');
    controller.abort();
    while (open() !== before) await new Promise((resolve) => setTimeout(resolve, 5));
    say('ended');
  },
  /** A worker that is terminated gets no chance to wake its call. */
  async terminates() {
    const worker = new Worker(fileURLToPath(import.meta.url), { argv: ['worker'] });
    await new Promise((resolve) => worker.once('message', resolve));
    say(`ended ${await worker.terminate()}`);
  },
};

async function main(): Promise<void> {
  if (isMainThread) return SCENARIOS[process.argv[2]!]!();
  await watchOn();
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- that is of windows, this is of threads
  parentPort!.postMessage('ready');
}
void main();
