import { HecateError } from '@hecate/host';
import type { Host } from '@hecate/host';
import { isRefusal } from '../model/gap.ts';
import { openRest } from './rest.ts';

/** A question to programs that is asked again and again: one at a time, and seldom while nothing comes of it. */
export interface Inquiry<Answer> {
  /**
   * Asks, or waits for the asking that is under way. Rejects with the programs' refusal, and at once with the last one while they
   * rest ({@link openRest}): they were refused, hung or printed nonsense.
   */
  ask(): Promise<Answer>;
  /** What was answered last, and when it was asked (wall clock and monotonic, seconds); null before the first. */
  last(): { readonly answer: Answer; readonly time: number; readonly monotonic: number } | null;
  /** Why the last asking gave nothing; null when it gave something, and before the first. */
  refusal(): unknown;
  /** Ends the programs that run; {@link ask} rejects with FAILED. */
  cancel(): void;
}

/** An inquiry of these programs. Mistakes of this program are thrown on, and are no refusals. */
export function openInquiry<Answer>(host: Host, read: (host: Host) => Promise<Answer>): Inquiry<Answer> {
  let running: Promise<Answer> | undefined;
  let last: ReturnType<Inquiry<Answer>['last']> = null;
  const rest = openRest(host.clock);
  let ending: AbortController | undefined;

  const ask = async (): Promise<Answer> => {
    const [time, monotonic] = [host.clock.now(), host.clock.monotonic()];
    const { signal } = (ending = new AbortController());
    try {
      const answer = await read({ ...host, run: (argv, options) => host.run(argv, { ...options, signal }) });
      last = { answer, time, monotonic };
      rest.end();
      return answer;
    } catch (error) {
      if (signal.aborted) throw new HecateError('FAILED', 'It is not waited for any more.', { cause: error });
      if (!isRefusal(error)) throw error;
      rest.begin(error);
      throw error;
    }
  };

  return {
    ask() {
      if (running) return running;
      if (rest.lasts()) return Promise.reject(rest.refusal());
      running = ask().finally(() => {
        running = undefined;
      });
      return running;
    },
    last: () => last,
    refusal: rest.refusal,
    cancel: () => ending?.abort(),
  };
}
