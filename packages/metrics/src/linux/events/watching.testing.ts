import { openHost } from '@hecate/host';
import type { Host } from '@hecate/host';
import type { MachineEvent } from '../../events/event.ts';
import { watchEvents } from '../../events/watch-events.ts';
import type { WatchOptions } from '../../events/watch-options.ts';

/** A watch that is open. */
export interface Watching {
  /** What came before everything was open. */
  readonly opening: readonly MachineEvent[];
  /** Everything that came since, in order. */
  readonly seen: readonly MachineEvent[];
  /** Waits until an event has all these members, among those that came and those that will; fails after `seconds`. */
  until<Wanted extends Partial<MachineEvent>>(wanted: Wanted, seconds?: number): Promise<MachineEvent & Wanted>;
  /** Ends the watch, and resolves when nothing of it is left. */
  end(): Promise<void>;
  /** Resolves when it ends by itself. */
  readonly ended: Promise<void>;
}

/** Opens a watch on the machine, or on what `change` makes of its door, and waits until all is open. */
export async function startWatching(options: WatchOptions, change: Partial<Host> = {}): Promise<Watching> {
  const controller = new AbortController();
  const events = watchEvents({ ...openHost(), ...change }, { ...options, signal: controller.signal });
  const opening: MachineEvent[] = [];
  for (;;) {
    const { value, done } = await events.next();
    if (done === true) throw new Error(`The watch ended at once: ${JSON.stringify(opening)}`);
    opening.push(value);
    if (value.kind === 'watching') break;
  }
  const seen: MachineEvent[] = [];
  const waiting = new Set<() => void>();
  const ended = (async () => {
    for await (const event of events) {
      seen.push(event);
      for (const look of [...waiting]) look();
    }
  })();
  return {
    opening,
    seen,
    ended,
    until: <Wanted extends Partial<MachineEvent>>(wanted: Wanted, seconds = 45) =>
      new Promise<MachineEvent & Wanted>((resolve, reject) => {
        const members = Object.entries(wanted);
        const isWanted = (event: MachineEvent): boolean =>
          members.every(([key, value]) => (event as unknown as Record<string, unknown>)[key] === value);
        const timer = setTimeout(() => {
          waiting.delete(look);
          reject(new Error(`No ${JSON.stringify(wanted)} within ${seconds} s, but ${JSON.stringify(seen)}`));
        }, seconds * 1000);
        const look = (): void => {
          const found = seen.find(isWanted);
          if (!found) return;
          waiting.delete(look);
          clearTimeout(timer);
          resolve(found as MachineEvent & Wanted);
        };
        waiting.add(look);
        look();
      }),
    end: () => {
      controller.abort();
      return ended;
    },
  };
}
