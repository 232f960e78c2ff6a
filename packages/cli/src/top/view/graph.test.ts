import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lookOf, textOf } from '../../screen/plain-text.ts';
import { drawGraph } from './graph.ts';
import { heatLetter } from './letters.ts';
import { drawMeter } from './meter.ts';
import { paperOf } from './picture.testing.ts';
import { greatest, scaleEnd } from './scale.ts';

/** The rows of a graph of these values, full at 100. */
function graphOf(
  values: readonly number[],
  width: number,
  height: number,
  letters: 'braille' | 'block' | 'ascii' = 'braille',
  hanging = false,
): string[] {
  const { paper, grid } = paperOf(width, height, letters);
  drawGraph(paper, { x: 0, y: 0, width, height, values: Float64Array.from(values), most: 100, ramp: 'cpu', hanging });
  return textOf(grid);
}

describe('graph', () => {
  test('nothing known is nothing drawn; 0 is a line at the bottom', () => {
    expect(graphOf([Number.NaN, Number.NaN], 3, 2)).toEqual(['', '']);
    expect(graphOf([], 3, 2)).toEqual(['', '']);
    expect(graphOf([0, 0, 0, 0], 2, 2)).toEqual(['', '⣀⣀']);
  });

  test('a gap between values stays one', () => expect(graphOf([100, 100, Number.NaN, Number.NaN, 100, 100], 3, 1)).toEqual(['⣿ ⣿']));

  test('two values a column, four dots a row', () => {
    expect(graphOf([100, 50], 1, 1)).toEqual(['⣧']);
    expect(graphOf([25, 100], 1, 1)).toEqual(['⣸']);
    expect(graphOf([100, 50], 1, 2)).toEqual(['⡇', '⣿']);
  });

  test('hanging from the top', () => {
    expect(graphOf([100, 50], 1, 2, 'braille', true)).toEqual(['⣿', '⡇']);
    expect(graphOf([0, 0], 1, 2, 'braille', true)).toEqual(['⠉', '']);
  });

  test('blocks have eight steps a row, ASCII three', () => {
    expect(graphOf([0, 12.5, 50, 100], 4, 1, 'block')).toEqual(['▁▁▄█']);
    expect(graphOf([0, 50, 100], 3, 2, 'block')).toEqual(['  █', '▁██']);
    expect(graphOf([0, 34, 67, 100], 4, 1, 'ascii')).toEqual(['..:#']);
    expect(graphOf([0, 100], 2, 1, 'ascii', true)).toEqual(["'#"]);
  });

  test('too much, too little and no number at all stay inside', () => {
    expect(graphOf([1e9, Infinity, -5, -Infinity], 2, 1)).toEqual(['⣿⡀']);
    const { paper, grid } = paperOf(4, 4);
    drawGraph(paper, { x: 1, y: 1, width: 2, height: 2, values: Float64Array.of(1e9, 1e9, 1e9, 1e9), most: 1, ramp: 'cpu' });
    expect(textOf(grid)).toEqual(['', ' ⣿⣿', ' ⣿⣿', '']);
  });

  test('fewer values than places: what lies between is between, and gaps keep half of the way', () => {
    expect(graphOf([0, 100], 4, 1, 'ascii')).toEqual(['..:#']);
    expect(graphOf([100, Number.NaN], 4, 1, 'ascii')).toEqual(['##']);
    expect(graphOf([100], 4, 1, 'ascii')).toEqual(['####']);
  });

  test('the colour goes by the height, in one row by the value', () => {
    const { paper, grid } = paperOf(2, 3);
    drawGraph(paper, { x: 0, y: 0, width: 2, height: 3, values: Float64Array.of(100, 100, 100, 100), most: 100, ramp: 'cpu' });
    expect(new Set([0, 1, 2].map((y) => lookOf(grid, 0, y).fg)).size).toBe(3);
    expect(lookOf(grid, 0, 1)).toEqual(lookOf(grid, 1, 1));
    const line = paperOf(2, 1);
    drawGraph(line.paper, { x: 0, y: 0, width: 2, height: 1, values: Float64Array.of(0, 0, 100, 100), most: 100, ramp: 'cpu' });
    expect(lookOf(line.grid, 0, 0).fg).not.toBe(lookOf(line.grid, 1, 0).fg);
  });

  test('any values in any place: nothing outside of it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double(), { maxLength: 60 }),
        fc.integer({ min: 0, max: 12 }),
        fc.integer({ min: 0, max: 6 }),
        fc.constantFrom('braille', 'block', 'ascii'),
        fc.boolean(),
        (values, width, height, letters, hanging) => {
          const { paper, grid } = paperOf(16, 10, letters);
          drawGraph(paper, { x: 2, y: 2, width, height, values: Float64Array.from(values), most: 100, ramp: 'disk', hanging });
          textOf(grid).forEach((row, y) => {
            for (const [x, letter] of [...row].entries())
              if (letter !== ' ') expect(x >= 2 && x < 2 + width && y >= 2 && y < 2 + height).toBe(true);
          });
        },
      ),
    );
  });
});

describe('scale', () => {
  test('the greatest of what is known', () => {
    expect(greatest(Float64Array.of(Number.NaN, 3, 1, Number.NaN))).toBe(3);
    expect(greatest(new Float64Array(0))).toBeNaN();
  });

  test('ends are round, hold what is shown, and stay while it moves a little', () => {
    expect(scaleEnd(Number.NaN, 100)).toBe(100);
    expect(scaleEnd(Infinity, 100)).toBe(Number.MAX_VALUE);
    expect([101, 150, 250, 340, 700, 1000].map((most) => scaleEnd(most, 100))).toEqual([200, 200, 300, 500, 1000, 1000]);
    expect(scaleEnd(700 * 2 ** 20, 1, 1024)).toBe(2 ** 30);
    fc.assert(
      fc.property(fc.double({ min: 1, max: 1e15, noNaN: true }), fc.constantFrom(1000 as const, 1024 as const), (most, base) => {
        const end = scaleEnd(most, 1, base);
        expect(end).toBeGreaterThanOrEqual(most * (1 - 1e-9));
        expect(end).toBeLessThanOrEqual(most * 2.01);
      }),
    );
  });
});

describe('meter', () => {
  const meterOf = (share: number, width = 4, letters: 'braille' | 'ascii' = 'braille'): string | undefined => {
    const { paper, grid } = paperOf(6, 1, letters);
    drawMeter(paper, 0, 0, width, share, 'memory');
    return textOf(grid)[0];
  };

  test('halves of columns; a little is seen, nothing and what is not known are empty', () => {
    expect([0, 0.001, 0.5, 0.63, 1, 9].map((share) => meterOf(share))).toEqual(['────', '╸───', '━━──', '━━╸─', '━━━━', '━━━━']);
    expect([Number.NaN, -1].map((share) => meterOf(share))).toEqual(['────', '────']);
    expect(meterOf(0.63, 4, 'ascii')).toBe('##=.');
    expect(meterOf(1, 0)).toBe('');
  });

  test('a cell for a share: the letter says it without its colour', () => {
    expect([0, 0.5, 1, 7, -1, Number.NaN].map((share) => String.fromCodePoint(heatLetter('braille', share)))).toEqual([
      '▁',
      '▅',
      '█',
      '█',
      '▁',
      '?',
    ]);
    expect([0, 0.5, 1].map((share) => String.fromCodePoint(heatLetter('ascii', share)))).toEqual(['.', '5', '9']);
  });
});
