import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { textOf } from '../../screen/plain-text.ts';
import { BOX_NAMES, ZOOM_STEPS } from '../state.ts';
import { drawTop, placeBoxes } from './draw-top.ts';
import { NO_TRAIL, paperOf, pictureOf, WAVES } from './picture.testing.ts';
import type { Made } from './picture.testing.ts';

const MUCH: Made = { cores: 8, disks: 2, networks: 3, mounts: 4, sensors: 5, gpus: 1, processes: 200 };

/** Left and right line of a frame; the scroll bar of processes stands in the right one. */
const LINES = /^│[│█┃]$/;

function screenOf(width: number, height: number, made: Made): string[] {
  const { paper, grid } = paperOf(width, height);
  drawTop(paper, pictureOf(made));
  return textOf(grid);
}

describe('the whole screen', () => {
  test.each([
    [1, 1],
    [1, 50],
    [2, 2],
    [5, 3],
    [20, 5],
    [40, 10],
    [80, 1],
    [80, 24],
    [139, 30],
    [140, 30],
    [200, 50],
    [300, 80],
  ])('%ix%i: closed frames, nothing outside', (width, height) => {
    const picture = pictureOf(MUCH);
    const { paper, grid } = paperOf(width, height);
    drawTop(paper, picture);
    const rows = textOf(grid).map((row) => row.padEnd(width));
    expect(rows).toHaveLength(height);
    for (const { x, y, width: across, height: down } of placeBoxes(width, height, picture)) {
      expect(x + across <= width && y + down <= height).toBe(true);
      if (across < 6 || down < 3) continue;
      expect([rows[y]![x], rows[y]![x + across - 1], rows[y + down - 1]![x], rows[y + down - 1]![x + across - 1]].join('')).toBe('╭╮╰╯');
      for (let row = y + 1; row < y + down - 1; row++) expect([rows[row]![x], rows[row]![x + across - 1]].join('')).toMatch(LINES);
    }
  });

  test('80x24 shows cpu, memory, disk, network and processes', () => {
    const text = screenOf(80, 24, MUCH).join('\n');
    for (const title of ['1 cpu', '2 memory', '3 disk', '4 network', '7 processes', 'PID']) expect(text).toContain(title);
  });

  test('200x50 and 300x80 show everything', () => {
    for (const [width, height] of [
      [200, 50],
      [300, 80],
    ] as const) {
      const text = screenOf(width, height, MUCH).join('\n');
      for (const title of ['cpu', 'memory', 'disk', 'network', 'sensors', 'gpu', 'processes'])
        expect(text).toMatch(new RegExp(`\\d ${title} `));
    }
  });

  test('no boxes: says which keys show them', () =>
    expect(screenOf(80, 24, { ...MUCH, state: { boxes: new Set() } }).join('\n')).toContain('1 to 7'));

  test('details of a process have a room that they can be read in', () => {
    const detail = { pid: 3, startedAfterBoot: 6 };
    expect(placeBoxes(80, 24, pictureOf({ ...MUCH, state: { detail } }))).toEqual([
      { box: 'processes', x: 0, y: 1, width: 80, height: 22 },
    ]);
    expect(placeBoxes(80, 24, pictureOf({ ...MUCH, state: { detail, boxes: new Set(['cpu']) } }))[0]?.box).toBe('processes');
    expect(placeBoxes(200, 50, pictureOf({ ...MUCH, state: { detail } })).length).toBeGreaterThan(5);
  });

  test.each(BOX_NAMES)('%s over the whole screen has it alone', (box) => {
    const placed = placeBoxes(80, 24, pictureOf({ ...MUCH, state: { expanded: box } }));
    expect(placed).toEqual([{ box, x: 0, y: 1, width: 80, height: 22 }]);
    expect(screenOf(80, 24, { ...MUCH, state: { expanded: box } })[1]).toMatch(/^╭.*╮$/);
    expect(screenOf(80, 24, { state: { expanded: box }, scene: { values: new Map() } })).toHaveLength(24);
  });

  test.each(['\x1b[31mred\x1b]0;title\x07', '日本語のとても長い名前', '👩‍👩‍👧‍👦🇩🇪', 'x'.repeat(5000), '\u202egnol', 'a\nb\tc\0', '\ud800'])(
    'hostile names leave every frame closed: %#',
    (name) => {
      for (const [width, height] of [
        [80, 24],
        [200, 50],
      ] as const) {
        const { paper, grid } = paperOf(width, height);
        const picture = pictureOf({ ...MUCH, name });
        drawTop(paper, picture);
        const { letters } = grid.cells();
        // Looked up by cell, since letters of two columns make texts shorter than rows.
        for (const { x, y, width: across, height: down } of placeBoxes(width, height, picture))
          for (let row = y + 1; row < y + down - 1; row++)
            expect(String.fromCodePoint(letters[row * width + x]!, letters[row * width + x + across - 1]!)).toMatch(LINES);
        // oxlint-disable-next-line no-control-regex
        expect(textOf(grid).join('')).not.toMatch(/[\x00-\x1f\x7f\u202e]/);
      }
    },
  );

  test('any machine, any screen, any state: never throws', () => {
    const value = fc.oneof(fc.constant(null), fc.double(), fc.constantFrom(0, -1, 1e300, Infinity, Number.NaN));
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 320 }),
        fc.integer({ min: 1, max: 90 }),
        fc.record({
          cores: fc.constantFrom(0, 1, 3, 16, 256),
          disks: fc.nat(5),
          networks: fc.nat(6),
          mounts: fc.nat(9),
          sensors: fc.nat(20),
          gpus: fc.nat(3),
          processes: fc.nat(60),
          name: fc.string({ maxLength: 12 }),
        }),
        fc.array(value, { maxLength: 40 }),
        fc.record({
          boxes: fc.subarray([...BOX_NAMES]).map((boxes) => new Set(boxes)),
          expanded: fc.constantFrom(null, ...BOX_NAMES),
          span: fc.constantFrom(...ZOOM_STEPS),
          moment: fc.constantFrom(null, 1.7e9),
          frozen: fc.boolean(),
          tree: fc.boolean(),
        }),
        fc.constantFrom('braille', 'block', 'ascii'),
        fc.boolean(),
        (width, height, made, numbers, state, letters, known) => {
          const picture = pictureOf({ ...made, state });
          // Whatever a daemon elsewhere says is put under the names that are there.
          const ids = [...picture.scene.values.keys()];
          const values = new Map(picture.scene.values);
          numbers.forEach((number, index) => values.set(ids[(index * 7) % ids.length]!, number));
          const { paper, grid } = paperOf(width, height, letters);
          drawTop(paper, { ...picture, scene: { ...picture.scene, values }, trail: known ? WAVES : NO_TRAIL });
          expect(textOf(grid).join('').includes('NaN')).toBe(false);
        },
      ),
      { numRuns: 120 },
    );
  });

  test('1000x1000 is drawn', () => expect(screenOf(1000, 1000, MUCH)).toHaveLength(1000));
});
