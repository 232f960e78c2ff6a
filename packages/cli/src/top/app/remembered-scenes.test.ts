import { expect, test } from 'vitest';
import type { Scene } from '../scene.ts';
import { processesOf } from '../view/picture.testing.ts';
import { createRememberedScenes } from './remembered-scenes.ts';

const many = processesOf(1000);
const scene = (time: number, processes: Scene['processes'] = null): Scene => ({ time, processes }) as Scene;

test('without a scene there is none', () => {
  const none = createRememberedScenes();
  expect([none.at(5), none.oldest()]).toEqual([null, null]);
});

test('a scene is what was there until the next one', () => {
  const scenes = createRememberedScenes();
  for (const time of [10, 11, 14]) scenes.add(scene(time));
  expect([9.9, 10, 10.5, 11, 13.9, 14, 18].map((time) => scenes.at(time)?.time ?? null)).toEqual([null, 10, 10, 11, 11, 14, 14]);
  expect(scenes.at(30)).toBeNull();
});

test('a pause in which nothing was looked at is not filled', () => {
  const scenes = createRememberedScenes();
  for (const time of [10, 600]) scenes.add(scene(time));
  expect(scenes.at(14)?.time).toBe(10);
  expect(scenes.at(300)).toBeNull();
});

test('memory is bounded by the processes in all of them, and by their number', () => {
  const scenes = createRememberedScenes();
  for (let time = 0; time < 200; time++) scenes.add(scene(time, many));
  expect(scenes.oldest()).toBe(140);
  const few = createRememberedScenes();
  for (let time = 0; time < 2000; time++) few.add(scene(time));
  expect(few.oldest()).toBe(1400);
  // One that is larger than all that is kept is kept alone.
  const crowd = createRememberedScenes();
  for (const time of [1, 2]) crowd.add(scene(time, { ...many, length: 100_000 }));
  expect(crowd.oldest()).toBe(2);
});

test('a clock that is set back begins anew', () => {
  const scenes = createRememberedScenes();
  for (const time of [100, 101, 50, 51]) scenes.add(scene(time));
  expect([scenes.oldest(), scenes.at(100)]).toEqual([50, null]);
});
