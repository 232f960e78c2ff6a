import { closeSync, readSync, writeSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
import { nativeBuffer, openNative } from '@hecate/host';
import type { DescriptorWaiter } from '../../events/open-sources.ts';

/** Events of poll(2), asm-generic/poll.h. */
export const POLLIN = 0x1;
/** Exceptional: a pressure trigger fired, the mount table changed. */
export const POLLPRI = 0x2;
/** An error; always reported, asked for or not. */
export const POLLERR = 0x8;

const EFD_NONBLOCK_CLOEXEC = 0o4000 | 0o2000000;
/** Bytes of `struct pollfd`: descriptor, events, what happened. */
const POLLFD = 8;

interface Watched {
  readonly descriptor: number;
  readonly events: number;
  readonly ready: (happened: number) => void;
  active: boolean;
}

/** The one thread that waits. However many readers there are, one thread of libuv's pool of four is taken. */
interface PollThread {
  readonly watched: Set<Watched>;
  readonly wake: () => void;
  /** Resolves when the thread has seen what changed until now. */
  readonly turn: () => Promise<void>;
  readers: number;
  ended: Promise<void>;
}

/**
 * Milliseconds that one call waits. For ever, but for two cases: a worker that is terminated gets no chance to wake its call
 * and its end would wait for it; and where the pool has a single thread, others must have their turn.
 */
function patience(): number {
  if (process.env['UV_THREADPOOL_SIZE'] === '1') return 50;
  return isMainThread ? -1 : 1000;
}

let shared: PollThread | undefined;

function startPollThread(): PollThread {
  const native = openNative();
  const waker = native.syscall('eventfd2', 0, EFD_NONBLOCK_CLOEXEC);
  const one = Buffer.from([1, 0, 0, 0, 0, 0, 0, 0]);
  const drained = Buffer.alloc(8);
  const wake = (): void => void writeSync(waker, one);
  // A process that ends waits for its threads.
  process.on('exit', wake);
  const longest = patience();
  const turns: (() => void)[] = [];
  const watched = new Set<Watched>();

  const wait = async (): Promise<void> => {
    let set: Buffer = Buffer.alloc(0);
    try {
      while (thread.readers > 0) {
        const now = [...watched];
        // What waits for a turn now has seen its change taken into this set, or is answered after it.
        const waiting = turns.splice(0);
        if (set.length !== POLLFD * (now.length + 1)) set = nativeBuffer(POLLFD * (now.length + 1));
        [{ descriptor: waker, events: POLLIN }, ...now].forEach(({ descriptor, events }, index) => {
          set.writeInt32LE(descriptor, index * POLLFD);
          set.writeInt16LE(events, index * POLLFD + 4);
          set.writeInt16LE(0, index * POLLFD + 6);
        });
        for (const resolve of waiting) resolve();
        await native.poll(set, longest);
        if (set.readInt16LE(6) !== 0) readSync(waker, drained);
        now.forEach((entry, index) => {
          const happened = set.readInt16LE((index + 1) * POLLFD + 6);
          if (happened !== 0 && entry.active) entry.ready(happened);
        });
      }
    } finally {
      process.off('exit', wake);
      closeSync(waker);
      for (const resolve of turns.splice(0)) resolve();
    }
  };
  const thread: PollThread = {
    watched,
    wake,
    turn: () =>
      new Promise((resolve) => {
        turns.push(resolve);
        wake();
      }),
    readers: 1,
    ended: Promise.resolve(),
  };
  thread.ended = wait();
  return thread;
}

/** Opens a watcher of the descriptors of one reader. The thread starts with the first one and ends with the last. */
export function openPollWatcher(): DescriptorWaiter {
  if (shared) shared.readers++;
  else shared = startPollThread();
  const thread = shared;
  const mine = new Set<Watched>();
  let closed: Promise<void> | undefined;
  const forget = (entry: Watched): void => {
    entry.active = false;
    mine.delete(entry);
    thread.watched.delete(entry);
  };
  return {
    watch(descriptor, events, ready) {
      const entry: Watched = { descriptor, events, ready, active: true };
      mine.add(entry);
      thread.watched.add(entry);
      thread.wake();
      return () => forget(entry);
    },
    close() {
      closed ??= (async () => {
        for (const entry of mine) forget(entry);
        thread.readers--;
        if (thread.readers === 0) {
          shared = undefined;
          thread.wake();
          await thread.ended;
        } else await thread.turn();
      })();
      return closed;
    },
  };
}
