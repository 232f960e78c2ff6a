import { HecateError, messageOf } from '@hecate/host';
import type { Clock } from '@hecate/host';
import { watchDanger } from './danger.ts';
import type { Fan, FanControl, FanDriver, FanReading, HeldFan } from './fan-driver.ts';
import { watchSleep } from './wake.ts';
import type { WishMaker } from './wish.ts';

/** What happens to a fan that is held. */
export type FanEvent =
  | { readonly kind: 'taken'; readonly change: number; readonly level: number }
  | { readonly kind: 'set'; readonly level: number }
  /** Full speed, and why. */
  | { readonly kind: 'alarm'; readonly why: string }
  | { readonly kind: 'relief' }
  /** The machine has slept, and the fan was set anew. */
  | { readonly kind: 'woken' }
  | { readonly kind: 'released' };

/** How a fan is held. */
export interface HoldOptions {
  readonly driver: FanDriver;
  /** Its id. */
  readonly fan: string;
  readonly control: FanControl;
  readonly wish: WishMaker;
  readonly clock: Clock;
  /** Waits, and comes back at once when `signal` is aborted. */
  readonly wait: (seconds: number, signal: AbortSignal) => Promise<void>;
  /** Seconds between two readings. */
  readonly period: number;
  /** Seconds after which it is given back; null for never. */
  readonly span: number | null;
  /** Ends it. */
  readonly signal: AbortSignal;
  readonly say: (event: FanEvent) => void;
}

/** A fan while it is held. */
interface Hold {
  held: HeldFan;
  level: number;
  alarm: string | null;
}

/**
 * Takes a fan, sets it at each reading to what is wished, and gives it back: when it is aborted, when its time is over, and when
 * something goes wrong. Then it rejects with that: UNAVAILABLE when the fan or what it follows is gone, CONFLICT when firmware or somebody
 * else has taken it. A temperature that is critical, or a fan that stands, means full speed until that is over. After a sleep of the machine
 * the fan is set again, or taken again where the firmware has it: what was wished is wished still, and somebody watches.
 */
export async function holdFan(options: HoldOptions): Promise<void> {
  const { driver, clock, span, say, signal, period, wait } = options;
  const danger = watchDanger();
  const hasSlept = watchSleep(clock);
  const begun = clock.monotonic();
  const isOver = (): boolean => signal.aborted || (span !== null && clock.monotonic() - begun >= span);
  const hold = await begin(options);
  const end = async (why: string): Promise<void> => {
    await driver.release(hold.held, why);
    say({ kind: 'released' });
  };
  try {
    for (let last = clock.monotonic(); ;) {
      const left = span === null ? period : begun + span - clock.monotonic();
      await wait(Math.max(0, Math.min(period, left)), signal);
      if (isOver()) break;
      const elapsed = clock.monotonic() - last;
      last += elapsed;
      const slept = hasSlept(period);
      await step(options, hold, await readFan(options), { elapsed, slept, danger });
    }
  } catch (error) {
    const why = messageOf(error);
    try {
      await end(why);
    } catch (trouble) {
      throw new HecateError('FAILED', `${why} ${messageOf(trouble)}`, {
        ...(trouble instanceof HecateError && trouble.hint !== undefined ? { hint: trouble.hint } : {}),
        cause: error,
      });
    }
    throw error;
  }
  await end('It was no longer wanted.');
}

async function begin(options: HoldOptions): Promise<Hold> {
  const { driver, fan: id, control, wish, say } = options;
  const { reading, fan } = await readFan(options);
  const { level, alarm } = wish(reading, fan, null, 0);
  const held = await driver.take(id, alarm === null ? level : control.most);
  say({ kind: 'taken', change: held.change, level });
  if (alarm !== null) say({ kind: 'alarm', why: alarm });
  return { held, level: alarm === null ? level : control.most, alarm };
}

async function readFan({ driver, fan: id }: HoldOptions): Promise<{ readonly reading: FanReading; readonly fan: Fan }> {
  const reading = await driver.read();
  const fan = reading.fans.find((other) => other.id === id);
  if (!fan) throw new HecateError('UNAVAILABLE', `The fan ${id} is not there any more.`);
  return { reading, fan };
}

interface Circumstances {
  readonly elapsed: number;
  readonly slept: boolean;
  readonly danger: ReturnType<typeof watchDanger>;
}

/** One reading: what is wished, whether there is danger, and what is to be written for it. */
async function step(
  { driver, fan: id, control, wish, say }: HoldOptions,
  hold: Hold,
  { reading, fan }: { readonly reading: FanReading; readonly fan: Fan },
  { elapsed, slept, danger }: Circumstances,
): Promise<void> {
  const wished = wish(reading, fan, hold.level, elapsed);
  const alarm = danger(reading, fan, hold.level) ?? wished.alarm;
  const level = alarm === null ? wished.level : control.most;
  try {
    // Also when nothing is to change: so it is seen when somebody else has taken the fan, or its firmware has.
    await driver.set(hold.held, level);
  } catch (error) {
    if (!slept || fan.mode !== 'automatic') throw error;
    // Firmware that woke has the fan: what it set is what comes back at the end.
    await driver.release(hold.held, 'The machine has slept, and its firmware has the fan.');
    hold.held = await driver.take(id, level);
  }
  if (level !== hold.level && alarm === null && hold.alarm === null) say({ kind: 'set', level });
  if (slept) say({ kind: 'woken' });
  if (alarm !== null && alarm !== hold.alarm) say({ kind: 'alarm', why: alarm });
  if (alarm === null && hold.alarm !== null) say({ kind: 'relief' });
  hold.level = level;
  hold.alarm = alarm;
}
