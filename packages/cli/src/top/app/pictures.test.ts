import { HecateError } from '@hecate/host';
import { expect, test } from 'vitest';
import type { ProcessKey, Scene } from '../scene.ts';
import type { SceneDetail, TopSource, Trail } from '../source.ts';
import type { TopState } from '../state.ts';
import { NO_TRAIL, NOON, pictureOf } from '../view/picture.testing.ts';
import { DEFAULT_KEYS } from './keys.ts';
import { createPictures } from './pictures.ts';

const { state: first } = pictureOf();
const sceneAt = (time: number): Scene => pictureOf({ processes: 3 }, time).scene;
const state = (some: Partial<TopState>): TopState => ({ ...first, ...some });

/** Pictures of a source whose answers come when `settle` is called, and what they had to tell. */
function open(some: Partial<TopSource> = {}, trail: Trail = NO_TRAIL) {
  const told = { changed: 0, missing: [] as string[], errors: [] as unknown[] };
  const source = { ...pictureOf().source, at: async () => null, detail: async () => null, ...some } as unknown as TopSource;
  const pictures = createPictures({
    source,
    trail,
    keys: DEFAULT_KEYS,
    unicode: true,
    changed: () => (told.changed += 1),
    missing: (sentence) => told.missing.push(sentence),
    failed: (error) => told.errors.push(error),
  });
  return { pictures, told };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('before the first scene there is nothing to draw', () => {
  const { pictures } = open();
  expect(pictures.of(first)).toBeNull();
  expect(pictures.of(state({ moment: 5 }))).toBeNull();
  expect(pictures.newest()).toBeNull();
});

test('the present is the newest scene, with its rows and as much of the past as the zoom says', () => {
  const { pictures } = open();
  pictures.take(sceneAt(NOON));
  pictures.take(sceneAt(NOON + 1));
  const picture = pictures.of(state({ span: 300 }))!;
  expect(picture).toMatchObject({ from: NOON + 1 - 300, to: NOON + 1 });
  expect(picture.rows.order).toHaveLength(3);
  expect(pictures.of(state({ filter: 'name=worker1' }))!.rows.order).toHaveLength(1);
});

test('a screen that stands still keeps its scene, and moves on from the newest', () => {
  const { pictures } = open();
  pictures.take(sceneAt(NOON));
  pictures.of(state({ frozen: true }));
  pictures.take(sceneAt(NOON + 1));
  expect(pictures.of(state({ frozen: true }))!.scene.time).toBe(NOON);
  expect(pictures.of(first)!.scene.time).toBe(NOON + 1);
  expect(pictures.of(state({ frozen: true }))!.scene.time).toBe(NOON + 1);
});

test('moments are read one after the other, and those that were passed by are not', async () => {
  const asked: number[] = [];
  const { pictures, told } = open({
    at: async (time) => {
      asked.push(time);
      return sceneAt(time);
    },
  });
  pictures.take(sceneAt(NOON));
  for (const moment of [10, 20, 30]) expect(pictures.of(state({ moment }))).toMatchObject({ to: moment, scene: { time: NOON } });
  await settle();
  expect(asked).toEqual([10, 30]);
  expect(told.changed).toBe(2);
  expect(pictures.of(state({ moment: 30 }))!.scene.time).toBe(30);
  expect(asked).toEqual([10, 30]);
});

test('where nothing was recorded there is a moment without anything, that says so', async () => {
  const { pictures, told } = open();
  pictures.take(sceneAt(NOON));
  pictures.of(state({ moment: 10 }));
  await settle();
  pictures.of(state({ moment: 10 }));
  await settle();
  expect(told.missing).toEqual([expect.stringMatching(/^Nothing was recorded at 1970/)]);
  const { scene, rows } = pictures.of(state({ moment: 10 }))!;
  expect(scene).toMatchObject({
    time: 10,
    machine: { hostname: 'web' },
    processes: null,
    gaps: [expect.stringMatching(/Nothing was recorded/)],
  });
  expect(scene.values.size).toBe(0);
  expect(rows.order).toHaveLength(0);
});

test('a moment that cannot be read is told of once, however often it is drawn', async () => {
  let asked = 0;
  const { pictures, told } = open({
    at: async () => {
      asked += 1;
      throw new HecateError('FAILED', 'The disk is broken.');
    },
  });
  pictures.take(sceneAt(NOON));
  for (let times = 0; times < 5; times++) {
    pictures.of(state({ moment: 10 }));
    await settle();
  }
  expect(told.errors).toHaveLength(1);
  expect(asked).toBe(1);
  expect(pictures.of(state({ moment: 10 }))!.scene.gaps).toEqual(['The disk is broken.']);
});

test('details are read again with each scene, one at a time, and never of another process', async () => {
  const asked: ProcessKey[] = [];
  let answer: ((detail: SceneDetail | null) => void) | null = null;
  const { pictures, told } = open({
    detail: (key) => {
      asked.push(key);
      return new Promise((resolve) => (answer = resolve));
    },
  });
  const one = { pid: 1, startedAfterBoot: 0 };
  const two = { pid: 2, startedAfterBoot: 3 };
  const found = { detail: {}, connections: null } as unknown as SceneDetail;
  pictures.take(sceneAt(NOON));
  expect('detail' in pictures.of(state({ detail: one }))!).toBe(false);
  pictures.take(sceneAt(NOON + 1));
  pictures.of(state({ detail: one }));
  expect(asked).toEqual([one]);
  answer!(found);
  await settle();
  expect(told.changed).toBe(1);
  expect(pictures.of(state({ detail: one }))!.detail).toBe(found);
  // That was of the scene before: it is asked for again.
  expect(asked).toEqual([one, one]);
  expect('detail' in pictures.of(state({ detail: two }))!).toBe(false);
  answer!(null);
  await settle();
  expect(pictures.of(state({ detail: one }))!.detail).toBeNull();
});

test('details that cannot be read are told of, and asked for again only with the next scene', async () => {
  let asked = 0;
  const { pictures, told } = open({
    detail: async () => {
      asked += 1;
      throw new HecateError('DENIED', 'No.');
    },
  });
  pictures.take(sceneAt(NOON));
  for (let times = 0; times < 4; times++) {
    pictures.of(state({ detail: { pid: 1, startedAfterBoot: 0 } }));
    await settle();
  }
  expect(asked).toBe(1);
  expect(told.errors).toHaveLength(1);
});

test('a recording has its first moment at hand, and no trail of its own', async () => {
  let added = 0;
  let asked = 0;
  const source = {
    ...pictureOf().source,
    kind: 'replay',
    at: async () => ((asked += 1), null),
    detail: async () => null,
  } as unknown as TopSource;
  const pictures = createPictures({
    source,
    trail: { ...NO_TRAIL, add: () => (added += 1) },
    ...{ keys: DEFAULT_KEYS, unicode: true, changed: () => undefined, missing: () => undefined, failed: () => undefined },
  });
  pictures.take(sceneAt(NOON));
  expect(pictures.of(state({ moment: NOON }))!.scene.time).toBe(NOON);
  await settle();
  expect([added, asked]).toEqual([0, 0]);
});

test('what was just there is there still, though nothing is recorded', async () => {
  let asked = 0;
  const { pictures } = open({ at: async () => ((asked += 1), null) });
  for (let second = 0; second < 10; second++) pictures.take(sceneAt(NOON + second));
  expect(pictures.oldest()).toBe(NOON);
  expect(pictures.of(state({ moment: NOON + 3.4 }))!.scene.time).toBe(NOON + 3);
  expect(pictures.of(state({ moment: NOON }))!.scene.time).toBe(NOON);
  expect(asked).toBe(0);
  pictures.of(state({ moment: NOON - 1 }));
  expect(asked).toBe(1);
  await settle();
});

test('where nothing was recorded, boxes say what the graphs still know', async () => {
  const known = pictureOf({ cores: 2 }, NOON).scene;
  const trail: Trail = { add: () => undefined, points: (id) => Float64Array.of(id === 'load1' ? Number.NaN : 42) };
  const { pictures } = open({}, trail);
  pictures.take(known);
  pictures.of(state({ moment: 10 }));
  await settle();
  const { scene } = pictures.of(state({ moment: 10 }))!;
  expect(scene.values.get('core.1.usage_percent')).toBe(42);
  expect(scene.values.has('load1')).toBe(false);
  expect(scene).toMatchObject({ time: 10, processes: null, mounts: null, gaps: [expect.stringMatching(/Nothing was recorded/)] });
});
