import { setTimeout as sleep } from 'node:timers/promises';
import { openQueue } from '../push/queue.ts';
import { retryDelay } from '../push/retry.ts';
import type { Message } from './message.ts';
import type { Target } from './target.ts';

/** Messages on their way to one target: kept on the disk until they are there. */
export interface Outbox {
  readonly name: string;
  /** Takes a message. It is sent beside everything else, and tried again until the target has it or refuses it for good. */
  put(message: Message): void;
  /** Gives what is on its way half a second, and keeps the rest for the next run. */
  close(): Promise<void>;
}

/** Where an outbox lies, and where it leads. */
export interface OutboxOptions {
  readonly name: string;
  readonly directory: string;
  readonly target: Target;
  readonly log: (text: string) => void;
}

/** Bytes that may wait: hundreds of messages. */
const MOST_BYTES = 2 * 1024 * 1024;
const MOST_MESSAGE = 1024 * 1024;
/** Seconds that a message lies in memory alone. */
const PATIENCE = 1;
/** Milliseconds that the last message gets at the end. */
const FAREWELL = 500;

/** Opens an outbox; what an earlier run left in it is sent first. */
export function openOutbox({ name, directory, target, log }: OutboxOptions): Outbox {
  const queue = openQueue({ directory, what: `messages for ${name}`, say: log, mostBytes: MOST_BYTES, patience: PATIENCE });
  const ending = new AbortController();
  let wake: () => void = () => undefined;
  let closing = false;
  let failures = 0;

  const sendAll = async (): Promise<void> => {
    for (;;) {
      const batch = queue.peek(1, MOST_MESSAGE);
      if (!batch) return;
      const message = readMessage(batch.records[0] as Buffer);
      const outcome =
        message === null ? ({ kind: 'refused', why: 'what waited was damaged' } as const) : await target.send(message, ending.signal);
      if (outcome.kind === 'failed' || outcome.kind === 'gone') {
        if (closing) return;
        failures++;
        if (failures === 1) log(`A message for ${name} waits: ${target.place} ${outcome.why}.`);
        const wait = retryDelay(failures, Math.random(), outcome.kind === 'failed' ? outcome.retryAfter : undefined);
        await sleep(wait * 1000, undefined, { signal: ending.signal, ref: false });
        continue;
      }
      queue.release(batch);
      if (outcome.kind === 'refused') log(`A message for ${name} is dropped: ${target.place} ${outcome.why}.`);
      else if (failures > 0) log(`Messages for ${name} arrive again.`);
      failures = 0;
    }
  };
  const work = async (): Promise<void> => {
    while (!closing) {
      await sendAll();
      if (closing) return;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  const working = work().catch((error: unknown) => {
    if (!ending.signal.aborted) throw error;
  });
  working.catch((error: unknown) => log(`Messages for ${name} are no longer sent: ${String(error)}`));

  return {
    name,
    put(message) {
      queue.push(Buffer.from(JSON.stringify(message)));
      wake();
    },
    async close() {
      closing = true;
      wake();
      const timer = setTimeout(() => ending.abort(), FAREWELL);
      // Who waits for the next try need not wait any longer.
      if (failures > 0) ending.abort();
      await working.catch(() => undefined);
      clearTimeout(timer);
      queue.close();
      await target.close();
    },
  };
}

function readMessage(record: Buffer): Message | null {
  try {
    return JSON.parse(record.toString('utf8')) as Message;
  } catch {
    return null; // Told by the caller.
  }
}
