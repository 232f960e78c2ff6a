import { HecateError } from '@hecate/host';
import { expect, test } from 'vitest';
import type { Grid } from '../../screen/grid.ts';
import type { InputEvent } from '../../screen/input-event.ts';
import { textOf } from '../../screen/plain-text.ts';
import type { Session, SessionEnd, SessionOptions } from '../../screen/session.ts';
import type { Scene } from '../scene.ts';
import type { TopSource } from '../source.ts';
import { NO_TRAIL, NOON, pictureOf } from '../view/picture.testing.ts';
import { createDrawing } from './drawing.ts';
import { DEFAULT_KEYS } from './keys.ts';
import { runTop } from './run-top.ts';

const sceneAt = (time: number): Scene => pictureOf({ processes: 5 }, time).scene;

/** A source whose scenes are given one by one, and a terminal that remembers what it was shown. */
function open(some: Partial<TopSource> = {}) {
  const told = { closed: 0, suspended: 0, forgotten: 0, screen: '', frames: 0, left: false, aborted: false };
  let listener: Pick<SessionOptions, 'onInput' | 'onResize' | 'onEnd'>;
  let next: ((scene: Scene | Error) => void) | null = null;
  const waiting: (Scene | Error)[] = [];
  const give = (scene: Scene | Error): void => {
    if (next) next(scene);
    else waiting.push(scene);
  };
  async function* scenes(signal: AbortSignal): AsyncGenerator<Scene> {
    signal.addEventListener('abort', () => (told.aborted = true));
    while (!signal.aborted) {
      const scene = waiting.shift() ?? (await new Promise<Scene | Error>((resolve) => (next = resolve)));
      next = null;
      if (scene instanceof Error) throw scene;
      yield scene;
    }
  }
  const source = {
    ...pictureOf().source,
    ...{ scenes, at: async () => null, extent: async () => null, stretch: async () => null, detail: async () => null },
    ...some,
  } as unknown as TopSource;
  const session: Session = {
    size: () => ({ width: 100, height: 30 }),
    show(grid: Grid<unknown>) {
      told.frames += 1;
      told.screen = textOf(grid).join('\n');
    },
    forget: () => (told.forgotten += 1),
    suspend: () => (told.suspended += 1),
    close: () => (told.closed += 1),
  };
  let hear: (sentence: string) => void = () => undefined;
  const ended = runTop({
    source,
    openTrail: () => NO_TRAIL,
    keys: DEFAULT_KEYS,
    state: pictureOf().state,
    drawing: createDrawing('braille', true),
    unicode: true,
    openSession(given) {
      listener = given;
      return session;
    },
    listen: (to) => (hear = to),
  });
  ended.catch(() => undefined);
  const settle = async (): Promise<void> => {
    for (let turns = 0; turns < 5; turns++) await new Promise((resolve) => setImmediate(resolve));
  };
  return {
    told,
    ended,
    source,
    settle,
    give: (scene: Scene | Error) => (give(scene), settle()),
    key: (key: string) => (listener.onInput({ kind: 'key', key } as InputEvent), settle()),
    end: (why: SessionEnd) => listener.onEnd(why),
    resize: () => listener.onResize({ width: 100, height: 30 }),
    hear: (sentence: string) => (hear(sentence), settle()),
  };
}

test('each scene is drawn, and q leaves with everything closed', async () => {
  const top = open();
  await top.give(sceneAt(NOON));
  expect(top.told.screen).toContain('worker0');
  await top.give(sceneAt(NOON + 1));
  expect(top.told.frames).toBeGreaterThanOrEqual(2);
  await top.key('q');
  expect(await top.ended).toBeNull();
  expect(top.told).toMatchObject({ closed: 1, aborted: true });
});

test('many keys at once are one picture', async () => {
  const top = open();
  await top.give(sceneAt(NOON));
  const { frames } = top.told;
  for (const key of ['down', 'down', 't', 'r', 'K']) void top.key(key);
  await top.settle();
  expect(top.told.frames).toBe(frames + 1);
  await top.key('q');
  await top.ended;
});

test('who leaves does not wait for a source that hangs', async () => {
  const top = open({ scenes: () => ({ [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => undefined) }) }) as never });
  await top.key('q');
  expect(await top.ended).toBeNull();
  expect(top.told.closed).toBe(1);
});

test('a source that fails for good ends it, the terminal restored before', async () => {
  const top = open();
  await top.give(sceneAt(NOON));
  await top.give(new HecateError('DENIED', 'The token is wrong.'));
  await expect(top.ended).rejects.toThrow('The token is wrong.');
  expect(top.told.closed).toBe(1);
});

test('a signal ends it, and is told to whoever started it', async () => {
  const top = open();
  await top.give(sceneAt(NOON));
  top.end({ why: 'SIGTERM', status: 143 });
  expect(await top.ended).toEqual({ why: 'SIGTERM', status: 143 });
});

test('what the source says stands at the bottom, and so does what could not be read', async () => {
  const top = open({ extent: () => Promise.reject(new HecateError('FAILED', 'The disk is broken.')) });
  await top.give(sceneAt(NOON));
  expect(top.told.screen).toContain('The disk is broken.');
  await top.hear('The daemon went away.');
  expect(top.told.screen.split('\n').at(-1)).toContain('The daemon went away.');
  await top.key('q');
  await top.ended;
});

test('what stands still stands still while scenes come, and keys go on', async () => {
  const top = open();
  await top.give(sceneAt(NOON));
  await top.key('space');
  const [head] = top.told.screen.split('\n');
  await top.give(sceneAt(NOON + 5));
  expect(top.told.screen.split('\n')[0]).toBe(head);
  await top.key('space');
  expect(top.told.screen.split('\n')[0]).not.toBe(head);
  await top.key('q');
  await top.ended;
});

test('a recording begins at its moment, and stays when it has given it', async () => {
  const at: number[] = [];
  const top = open({
    kind: 'replay',
    extent: async () => ({ from: NOON - 600, to: NOON + 600 }),
    at: async (time) => (at.push(time), sceneAt(time)),
    async *scenes() {
      yield sceneAt(NOON);
    },
  });
  await top.settle();
  expect(top.told.screen).toContain('PAST');
  await top.key('right');
  await top.settle();
  expect(at).toEqual([NOON + 6]);
  await top.key('0');
  expect(at).toEqual([NOON + 6, NOON + 600]);
  await top.key('q');
  expect(await top.ended).toBeNull();
});

test('ctrl+z and ctrl+l are for the terminal; the interval is for the source', async () => {
  const top = open();
  await top.key('ctrl+z');
  await top.give(sceneAt(NOON));
  await top.key('ctrl+z');
  await top.key('ctrl+l');
  await top.key('.');
  expect(top.told).toMatchObject({ suspended: 2, forgotten: 1 });
  expect(top.source.interval).toBe(2);
  await top.key('q');
  await top.ended;
});
