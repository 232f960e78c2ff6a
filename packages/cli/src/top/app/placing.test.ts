import { expect, test } from 'vitest';
import { placeBoxes } from '../view/draw-top.ts';
import { pictureOf } from '../view/picture.testing.ts';
import { createPlacing } from './placing.ts';

test('the same sizes have the same places, and whatever changes them is seen', () => {
  const place = createPlacing();
  const first = pictureOf({ cores: 4, processes: 100 });
  const placed = place(100, 40, first);
  expect(placed).toEqual(placeBoxes(100, 40, first));
  // Another moment of the same machine.
  expect(place(100, 40, { ...first, scene: { ...first.scene, time: first.scene.time + 1 } })).toBe(placed);

  const others: [number, number, typeof first][] = [
    [100, 41, first],
    [180, 40, first],
    [100, 40, pictureOf({ cores: 4, processes: 100, gpus: 2, disks: 6 })],
    [100, 40, { ...first, state: { ...first.state, boxes: new Set(['cpu', 'processes'] as const) } }],
    [100, 40, { ...first, state: { ...first.state, expanded: 'cpu' } }],
    [100, 20, { ...first, state: { ...first.state, detail: { pid: 1, startedAfterBoot: 0 } } }],
    [100, 40, first],
  ];
  for (const [width, height, picture] of others) {
    expect(place(width, height, picture)).toEqual(placeBoxes(width, height, picture));
    expect(place(width, height, picture)).not.toEqual(place(width + 1, height, picture));
  }
});
