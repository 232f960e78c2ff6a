import { HecateError } from '@hecate/host';
import { describe, expect, it } from 'vitest';
import type { Fan, FanDriver, FanReading } from './fan-driver.ts';
import { holdFan } from './hold-fan.ts';
import type { FanEvent, HoldOptions } from './hold-fan.ts';
import { steadyWish } from './wish.ts';

/** A machine with one fan and one temperature, a clock that moves when somebody waits, and a script of what happens meanwhile. */
function createRoom() {
  const done: string[] = [];
  const told: FanEvent[] = [];
  const ending = new AbortController();
  const room = {
    done,
    told,
    ending,
    wall: 1000,
    steady: 0,
    rpm: 1000 as number | null,
    celsius: 50 as number | null,
    mode: 'automatic' as Fan['mode'],
    isThere: true,
    /** What happens after so many pauses. */
    script: new Map<number, () => void>(),
    failure: null as Error | null,
  };
  let pauses = 0;
  const control = { unit: 'duty', least: 0.2, most: 1, mayStop: false } as const;
  const read = (): FanReading => ({
    fans: room.isThere
      ? [
          {
            id: 'a/fan1',
            label: null,
            rpm: room.rpm,
            leastRpm: null,
            mostRpm: null,
            duty: 0.5,
            mode: room.mode,
            follows: null,
            control,
            why: null,
          },
        ]
      : [],
    temperatures: [{ id: 'a/temp1', label: null, celsius: room.celsius, critical: 95 }],
    none: null,
  });
  const write = (text: string): void => {
    done.push(text);
    if (room.failure && !text.startsWith('release')) throw room.failure;
  };
  let change = 0;
  const driver: FanDriver = {
    read: () => Promise.resolve(read()),
    async take(id, level) {
      write(`take ${level}`);
      room.mode = 'manual';
      return { id, change: ++change };
    },
    async set(_held, level) {
      if (room.mode === 'automatic') throw new HecateError('CONFLICT', 'The firmware has it.');
      write(`set ${level}`);
    },
    async release(held) {
      write(`release ${held.change}`);
      room.mode = 'automatic';
    },
    holders: () => Promise.resolve([]),
    close: () => undefined,
  };
  const options: HoldOptions = {
    driver,
    fan: 'a/fan1',
    control,
    wish: steadyWish(0.4),
    clock: { now: () => room.wall, monotonic: () => room.steady },
    async wait(seconds) {
      room.wall += seconds;
      room.steady += seconds;
      room.script.get(++pauses)?.();
      if (pauses > 50) ending.abort();
    },
    period: 2,
    span: null,
    signal: ending.signal,
    say: (event) => told.push(event),
  };
  return { room, options, kinds: () => told.map(({ kind }) => kind) };
}

describe('a fan that is held', () => {
  it('is not taken when it is not there', async () => {
    const { room, options } = createRoom();
    room.isThere = false;
    await expect(holdFan(options)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(room.done).toEqual([]);
  });

  it('is given back when its time is over, to the second', async () => {
    const { room, options, kinds } = createRoom();
    await holdFan({ ...options, span: 7 });
    expect(room.steady).toBe(7);
    expect(room.done).toEqual(['take 0.4', 'set 0.4', 'set 0.4', 'set 0.4', 'release 1']);
    expect(kinds()).toEqual(['taken', 'released']);
  });

  it('is given back when it is to end', async () => {
    const { room, options } = createRoom();
    room.script.set(2, () => room.ending.abort());
    await holdFan(options);
    expect(room.done).toEqual(['take 0.4', 'set 0.4', 'release 1']);
  });

  it.each<[string, (room: ReturnType<typeof createRoom>['room']) => void, object]>([
    ['its firmware takes it back', (room) => (room.mode = 'automatic'), { code: 'CONFLICT' }],
    ['it is pulled', (room) => (room.isThere = false), { code: 'UNAVAILABLE' }],
    ['it cannot be written any more', (room) => (room.failure = new HecateError('FAILED', 'No.')), { message: 'No.' }],
  ])('is given back when %s, and that is told', async (_name, happen, error) => {
    const { room, options } = createRoom();
    room.script.set(3, () => happen(room));
    await expect(holdFan(options)).rejects.toMatchObject(error);
    expect(room.done.at(-1)).toBe('release 1');
    expect(room.done.filter((text) => text.startsWith('release'))).toHaveLength(1);
  });

  it('tells both when it cannot be given back either', async () => {
    const { room, options } = createRoom();
    room.script.set(2, () => (room.mode = 'automatic'));
    const driver = { ...options.driver, release: () => Promise.reject(new HecateError('FAILED', 'It stays.', { hint: 'Look.' })) };
    await expect(holdFan({ ...options, driver })).rejects.toMatchObject({
      code: 'FAILED',
      message: 'The firmware has it. It stays.',
      hint: 'Look.',
    });
  });

  it('is at full speed while a temperature is critical, and until it is clearly not', async () => {
    const { room, options, kinds } = createRoom();
    for (const [pause, celsius] of [95, 93, 90, 89].entries()) room.script.set(pause + 2, () => (room.celsius = celsius));
    await holdFan({ ...options, span: 11 });
    expect(room.done).toEqual(['take 0.4', 'set 0.4', 'set 1', 'set 1', 'set 1', 'set 0.4', 'release 1']);
    expect(kinds()).toEqual(['taken', 'alarm', 'relief', 'released']);
  });

  it('is at full speed when it stands, and not when nobody ever counted a turn', async () => {
    const { room, options } = createRoom();
    room.script.set(2, () => (room.rpm = 0));
    await holdFan({ ...options, span: 11 });
    expect(room.done).toEqual(['take 0.4', 'set 0.4', 'set 0.4', 'set 0.4', 'set 1', 'set 1', 'release 1']);
    const other = createRoom();
    other.room.rpm = 0;
    await holdFan({ ...other.options, span: 21 });
    expect(other.room.done).not.toContain('set 1');
  });

  it.each([
    ['the clock on the wall jumps', 3600, 0],
    ['both clocks do', 3600, 3600],
  ])('is set again after a sleep in which %s', async (_name, wall, steady) => {
    const { room, options, kinds } = createRoom();
    room.script.set(2, () => {
      room.wall += wall;
      room.steady += steady;
      room.mode = 'automatic';
    });
    room.script.set(4, () => room.ending.abort());
    await holdFan(options);
    expect(room.done).toEqual(['take 0.4', 'set 0.4', 'release 1', 'take 0.4', 'set 0.4', 'release 2']);
    expect(kinds()).toEqual(['taken', 'woken', 'released']);
  });

  it('is taken at full speed when what it follows is in danger already', async () => {
    const { room, options, kinds } = createRoom();
    await holdFan({ ...options, span: 1, wish: () => ({ level: 0.3, alarm: 'it is hot' }) });
    expect(room.done).toEqual(['take 1', 'release 1']);
    expect(kinds()).toEqual(['taken', 'alarm', 'released']);
  });
});
