import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BOX_NAMES } from '../state.ts';
import type { BoxName } from '../state.ts';
import { layOut } from './layout.ts';
import type { Placed, SizeOf } from './layout.ts';

const SIZES: SizeOf = (box) => ({ least: box === 'cpu' ? 4 : 3, best: box === 'cpu' ? 16 : 12 });
const at = (placed: readonly Placed[], box: BoxName): Placed => {
  const found = placed.find((one) => one.box === box);
  if (!found) throw new Error(`${box} has no place.`);
  return found;
};
const names = (placed: readonly Placed[]): BoxName[] => placed.map(({ box }) => box).toSorted();

/** How often each cell is covered. */
function coverage(placed: readonly Placed[], width: number, height: number): Uint8Array {
  const cells = new Uint8Array(width * height);
  for (const { x, y, width: across, height: down } of placed) {
    expect(x >= 0 && y >= 0 && x + across <= width && y + down <= height, JSON.stringify(placed)).toBe(true);
    for (let row = y; row < y + down; row++) for (let column = x; column < x + across; column++) cells[row * width + column]! += 1;
  }
  return cells;
}

describe('layout', () => {
  test('no room, no boxes, nothing to show: nothing', () => {
    expect(layOut(0, 10, ['cpu'], SIZES)).toEqual([]);
    expect(layOut(10, 0, ['cpu'], SIZES)).toEqual([]);
    expect(layOut(80, 22, [], SIZES)).toEqual([]);
    expect(layOut(80, 22, ['gpu'], () => ({ least: 0, best: 0 }))).toEqual([]);
  });

  test('80x24: cpu, then memory, disk and network beside each other, then processes', () => {
    const placed = layOut(80, 22, BOX_NAMES, SIZES);
    expect(names(placed)).toEqual(['cpu', 'disk', 'memory', 'network', 'processes']);
    expect(at(placed, 'cpu')).toMatchObject({ x: 0, y: 0, width: 80 });
    expect(at(placed, 'memory').y).toBe(at(placed, 'network').y);
    expect(at(placed, 'disk').y).toBe(at(placed, 'network').y);
    expect(at(placed, 'processes')).toMatchObject({ x: 0, width: 80 });
    expect(at(placed, 'processes').height).toBeGreaterThanOrEqual(7);
  });

  test('200x50: processes have the right side, everything else is at the left under cpu', () => {
    const placed = layOut(200, 48, BOX_NAMES, SIZES);
    expect(names(placed)).toEqual([...BOX_NAMES].toSorted());
    const { x, y, width, height } = at(placed, 'processes');
    expect([x + width, y + height]).toEqual([200, 48]);
    for (const box of ['memory', 'disk', 'network', 'gpu', 'sensor'] as const)
      expect(at(placed, box).x + at(placed, box).width).toBeLessThanOrEqual(x);
  });

  test('300x80: cards and sensors lie beside the processor', () => {
    const placed = layOut(300, 78, BOX_NAMES, SIZES);
    for (const box of ['gpu', 'sensor'] as const) expect(at(placed, box).y).toBe(0);
  });

  test('too low for all: processes keep their rows, the least important go first', () => {
    expect(names(layOut(80, 14, BOX_NAMES, SIZES))).toEqual(['cpu', 'processes']);
    expect(names(layOut(80, 9, BOX_NAMES, SIZES))).toEqual(['cpu']);
    expect(layOut(1, 1, BOX_NAMES, SIZES)).toEqual([{ box: 'cpu', x: 0, y: 0, width: 1, height: 1 }]);
  });

  test('a box with nothing to show leaves its room to the others', () => {
    const placed = layOut(80, 22, BOX_NAMES, (box, width) => (box === 'disk' ? { least: 0, best: 0 } : SIZES(box, width)));
    expect(at(placed, 'memory').width + at(placed, 'network').width).toBe(80);
  });

  test('any screen, any boxes: all of it is covered, each cell once, processes have their rows unless they are alone', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 400 }),
        fc.integer({ min: 1, max: 120 }),
        fc.subarray([...BOX_NAMES], { minLength: 1 }),
        fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 14, maxLength: 14 }),
        (width, height, shown, numbers) => {
          const sizeOf: SizeOf = (box) => {
            const index = BOX_NAMES.indexOf(box);
            const least = box === 'processes' ? 4 : numbers[index]! % 8;
            return { least, best: least === 0 ? 0 : least + numbers[index + 7]! };
          };
          const placed = layOut(width, height, shown, sizeOf);
          expect(placed.length > 0).toBe(shown.some((box) => sizeOf(box, width).least > 0));
          if (placed.length === 0) return;
          expect(new Set(placed.map(({ box }) => box)).size).toBe(placed.length);
          const seen = coverage(placed, width, height);
          expect(seen.every((times) => times <= 1)).toBe(true);
          expect(
            seen.every((times) => times === 1),
            JSON.stringify({ width, height, placed }),
          ).toBe(true);
          const processes = placed.find(({ box }) => box === 'processes');
          if (processes && placed.length > 1) expect(processes.height).toBeGreaterThanOrEqual(7);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('the largest screen is laid out as well', () => {
    const placed = layOut(1000, 1000, BOX_NAMES, SIZES);
    expect(coverage(placed, 1000, 1000).every((times) => times === 1)).toBe(true);
  });
});
