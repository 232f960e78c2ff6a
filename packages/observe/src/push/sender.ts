import { setImmediate as giveWay, setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '@hecate/host';
import type { PushFormat } from './format.ts';
import type { Queue, QueueBatch } from './queue.ts';
import { retryDelay } from './retry.ts';
import type { Outcome, Transport } from './transport.ts';

/** How sending fares since the start. */
export interface SenderStatus {
  /** Samples that the target has. */
  readonly sent: number;
  /** Samples that the target did not take, and would not have taken later. */
  readonly refused: number;
  /** Deliveries that went wrong. */
  readonly errors: number;
  /** Why the last one did, as a part of a sentence; null when it did not. */
  readonly trouble: string | null;
  /** When the oldest sample that waits was taken, in seconds since the epoch; null when none waits. */
  readonly since: number | null;
}

/** Takes what waits to its target, in order, for ever. */
export interface Sender {
  /** Says that something was added. */
  wake(): void;
  readonly status: SenderStatus;
  /** Sends what it can in this many milliseconds. What it cannot stays in the queue. */
  close(milliseconds: number): Promise<void>;
}

/** What a sender works with. */
export interface SenderOptions {
  /** What it is called in sentences. */
  readonly name: string;
  readonly queue: Queue;
  readonly format: PushFormat;
  readonly transport: Transport;
  /** What a file of such samples begins with; null: nothing. */
  readonly header: () => Buffer | null;
  /** Gets a sentence when something goes wrong, and when it is well again. */
  readonly say: (sentence: string) => void;
  /** From 0 to 1. */
  readonly random?: () => number;
}

/** Bounds of one delivery. */
const MOST_SAMPLES = 100;
const MOST_BYTES = 256 * 1024;
/** When much waits: how many times as long as preparing a delivery took, the others have their turn. So catching up takes a fifth of a core. */
const REST = 4;
const LEAST_REST = 10;

/** Starts to send. */
export function startSender({ name, queue, format, transport, header, say, random = Math.random }: SenderOptions): Sender {
  const giveUp = new AbortController();
  const interrupt = new AbortController();
  let wakeUp: (() => void) | null = null;
  let awake = false;
  let closing = false;
  let failures = 0;
  /** Samples that are sent one by one, because they were refused together: only the bad one of them is lost. */
  let alone = 0;
  let [sent, refused, errors] = [0, 0, 0];
  let trouble: string | null = null;
  let since: number | null = null;
  /** Milliseconds that reading and joining the last delivery held the event loop. */
  let prepared = 0;
  let refusing = false;

  const waitForMore = (): Promise<void> =>
    new Promise<void>((resolve) => {
      if (awake || closing) resolve();
      else wakeUp = resolve;
    }).then(() => {
      awake = false;
    });
  /** Waits, but no longer than until the end. */
  const pause = async (milliseconds: number): Promise<void> => {
    // At the end it waits for nothing but the timer that ends it: a target that answers at once would keep that from its turn.
    if (interrupt.signal.aborted) return giveWay();
    // The end of the wait before its time is what the signal is for.
    await sleep(milliseconds, undefined, { signal: interrupt.signal, ref: false }).catch(() => undefined);
  };

  const deliver = async (batch: QueueBatch, started: number): Promise<Outcome> => {
    try {
      const delivery = transport.send({ chunks: batch.records, format, header: header(), signal: giveUp.signal });
      prepared = performance.now() - started;
      return await delivery;
    } catch (error) {
      return { kind: 'failed', why: `cannot be sent to: ${messageOf(error)}` };
    }
  };

  /** Draws the conclusions; answers whether to go on at once. */
  const settle = async (batch: QueueBatch, outcome: Outcome): Promise<boolean> => {
    const count = batch.records.length;
    if (outcome.kind === 'sent') {
      queue.release(batch);
      sent += count;
      alone = Math.max(0, alone - count);
      if (failures > 0) say(`Export ${name}: ${transport.place} takes samples again.`);
      failures = 0;
      refusing = false;
      trouble = null;
      return true;
    }
    errors++;
    trouble = outcome.why;
    if (outcome.kind === 'refused') {
      if (count > 1) {
        alone = count;
        return true;
      }
      queue.release(batch);
      refused++;
      alone = Math.max(0, alone - 1);
      if (!refusing) say(`Export ${name}: a sample is left out, ${transport.place} ${outcome.why}.`);
      refusing = true;
      return true;
    }
    if (outcome.kind === 'gone') {
      say(`Export ${name} ends: ${transport.place} ${outcome.why}.`);
      return false;
    }
    if (failures++ === 0 && !closing) say(`Export ${name}: ${transport.place} ${outcome.why}. Samples wait, and are sent later.`);
    if (closing) return false;
    await pause(retryDelay(failures, random(), outcome.retryAfter) * 1000);
    return true;
  };

  const run = async (): Promise<void> => {
    for (;;) {
      const started = performance.now();
      // After a failure one sample asks whether the target is well again: as long as it is not, the rest need not be read.
      const batch = queue.peek(alone > 0 || failures > 0 ? 1 : MOST_SAMPLES, MOST_BYTES);
      since = batch?.since ?? null;
      if (!batch) {
        if (closing) return;
        await waitForMore();
        continue;
      }
      if (!(await settle(batch, await deliver(batch, started)))) return;
      if (giveUp.signal.aborted) return;
      await pause(Math.max(LEAST_REST, prepared * REST));
    }
  };
  const running = run();

  return {
    wake() {
      awake = true;
      wakeUp?.();
      wakeUp = null;
    },
    get status() {
      return { sent, refused, errors, trouble, since };
    },
    async close(milliseconds) {
      closing = true;
      interrupt.abort();
      wakeUp?.();
      const timer = setTimeout(() => giveUp.abort(), milliseconds);
      await running;
      clearTimeout(timer);
      await transport.close();
    },
  };
}
