import xterm from '@xterm/headless';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ColourDepth } from '../terminal/terminal.ts';
import { asciiOf } from './ascii.ts';
import { createGrid } from './grid.ts';
import type { Grid } from './grid.ts';
import { CLUSTERS, CONTINUED, isCertain, textOfLetter } from './letters.ts';
import { createPainter } from './painter.ts';
import type { Painter } from './painter.ts';
import { textOf } from './plain-text.ts';
import { createStyles } from './styles.ts';

const OFF = '\u001b[?7l'; // As the session has it: no automatic line ends.

interface Stage {
  readonly grid: Grid<null>;
  readonly painter: Painter;
  readonly terminal: InstanceType<typeof xterm.Terminal>;
  /** Sends what leads to the grid, and returns it as text. */
  show(): Promise<string>;
  lines(): string[];
}

function stage(width: number, height: number, depth: ColourDepth = 'true', unicode = true): Stage {
  const grid = createGrid<null>(width, height, createStyles());
  const painter = createPainter({ table: grid.table, depth, unicode });
  const terminal = new xterm.Terminal({ cols: width, rows: height, allowProposedApi: true });
  terminal.write(OFF);
  return {
    grid,
    painter,
    terminal,
    async show() {
      const bytes = Buffer.from(painter.paint(grid.cells()));
      await new Promise<void>((resolve) => terminal.write(bytes, resolve));
      return bytes.toString().replaceAll('\u001b', '^');
    },
    lines: () =>
      Array.from(
        { length: height },
        (_, y) =>
          terminal.buffer.active
            .getLine(y)
            ?.translateToString(true)
            .replace(/[\u0020\u00a0]+$/, '') ?? '',
      ),
  };
}

describe('bytes', () => {
  it('are none for the same picture, and few for a small change', async () => {
    const { grid, show } = stage(40, 10);
    grid.region().text(3, 2, 'hello there', 0);
    expect(await show()).toBe('^[?2026h^[m^[2J^[3;4Hhello there^[?2026l');
    expect(await show()).toBe('');
    grid.region().text(9, 2, 'world', grid.table.of({ fg: 0xff0000 }));
    expect(await show()).toBe('^[?2026h^[3;10H^[38;2;255;0;0mworld^[m^[?2026l');
    grid.clear();
    expect(await show()).toBe('^[?2026h^[3;4H^[K^[?2026l');
  });

  it('jump over what is the same, and paint over short gaps', async () => {
    const { grid, show } = stage(40, 2);
    grid.region().text(0, 0, 'abcdefghijklmnopqrst', 0);
    await show();
    for (const x of [1, 4, 15]) grid.region().put(x, 0, 0x2b, 0);
    expect(await show()).toBe('^[?2026h^[1;2H+cd+^[10C+^[?2026l');
  });

  it('are whole again after forget and after another size', async () => {
    const { grid, painter, show } = stage(20, 2);
    grid.region().text(0, 0, 'x', 0);
    const first = await show();
    painter.forget();
    expect(await show()).toBe(first);
    grid.resize(2, 20);
    expect(await show()).toContain('^[2J');
  });

  it.each<[ColourDepth, string]>([
    ['true', '^[38;2;255;128;0;48;2;20;20;60;1ma^[39;22mb^[mc'],
    [256, '^[38;5;208;48;5;235;1ma^[39;22mb^[mc'],
    [16, '^[33;40;1ma^[0;40mb^[mc'],
    ['none', '^[1ma^[mbc'],
  ])('with colours %s', async (depth, sent) => {
    const { grid, show } = stage(9, 1, depth);
    grid.region().text(0, 0, 'a', grid.table.of({ fg: 0xff8000, bg: 0x14143c, bold: true }));
    grid.region().text(1, 0, 'b', grid.table.of({ bg: 0x14143c }));
    grid.region().text(2, 0, 'c', 0);
    expect(await show()).toContain(sent);
  });

  it('of 16 colours never hide a text', async () => {
    const { grid, show } = stage(9, 1, 16);
    grid.region().text(0, 0, 'a', grid.table.of({ fg: 0x101010 }));
    grid.region().text(1, 0, 'b', grid.table.of({ fg: 0xff1010, bg: 0xf00000 }));
    expect(await show()).toContain('^[90ma^[30;101mb');
  });

  it('are ASCII where only that is shown', async () => {
    const { grid, show, lines } = stage(30, 2, 'none', false);
    grid.region().text(0, 0, '╭─┤é⣿█▒…日本x👨‍👩‍👧│', 0);
    expect(await show()).toMatch(/^[\u0020-\u007e]*$/);
    expect(lines()[0]).toBe('+-+e:#:~? ? x? |');
  });
});

describe('letters about which terminals disagree', () => {
  it('do not shift the row', async () => {
    const { grid, show, terminal } = stage(30, 1);
    grid.region().text(0, 0, 'a👨‍👩‍👧‍👦b❤️c🇩🇪d日e\ue0b0f⚡g', 0);
    grid.region().text(20, 0, 'end', 0);
    await show();
    // The headless terminal knows nothing of joined pictures, and counts a family as eight columns.
    const { letters } = grid.cells();
    const row = terminal.buffer.active.getLine(0)!;
    const wrong = [...letters.keys()].filter(
      (x) => isCertain(letters[x]!) && (row.getCell(x)!.getChars() || ' ') !== textOfLetter(letters[x]!),
    );
    expect(wrong).toEqual([]);
    expect(textOf(grid)[0]).toMatch(/^a.*b.*c.*d.*e.*f.*g +end$/u);
  });
});

const step = fc.record({
  text: fc.constantFrom('plain words', '日本語', '👋🏽👨‍👩‍👧‍👦', 'e\u0301a\u0301', '🇩🇪❤️', '\ue0b0⚡', '    ', '╭──╮⣿⣷', '\u001b[31m', 'é'),
  x: fc.integer({ min: -3, max: 24 }),
  y: fc.integer({ min: 0, max: 4 }),
  style: fc.integer({ min: 0, max: 5 }),
  tint: fc.boolean(),
  shown: fc.boolean(),
});

describe('any drawing', () => {
  it.each<ColourDepth>(['true', 256, 16, 'none'])('arrives at a terminal with colours %s', (depth) =>
    fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const { grid, show, terminal } = stage(24, 5, depth);
        const styles = [
          {},
          { fg: 0xff0000 },
          { bg: 0x0000ee, bold: true },
          { reverse: true },
          { underline: true },
          { fg: 0xffff00, dim: true },
        ];
        for (const { text, x, y, style, tint, shown } of steps) {
          if (tint) grid.region().tint(x, y, 5, 1, 0x00cd00);
          else grid.region().text(x, y, text, grid.table.of(styles[style]!));
          if (shown) await show();
        }
        await show();
        const { letters, styles: numbers, width } = grid.cells();
        letters.forEach((letter, at) => {
          if (!isCertain(letter)) return;
          const cell = terminal.buffer.active.getLine(Math.trunc(at / width))!.getCell(at % width)!;
          const look = grid.table.look(numbers[at]!);
          expect(cell.getChars() || ' ', `cell ${at % width},${Math.trunc(at / width)}`).toBe(String.fromCodePoint(letter));
          expect([cell.isInverse() !== 0, cell.isUnderline() !== 0]).toEqual([look.reverse === true, look.underline === true]);
          if (depth === 'true') {
            expect(cell.isBgDefault() ? null : cell.getBgColor()).toBe(look.bg ?? null);
            expect(cell.isFgDefault() ? null : cell.getFgColor()).toBe(look.fg ?? null);
          }
        });
      }),
      { numRuns: 60 },
    ),
  );

  it.each([1, 2])('keeps its rows straight where a terminal gives all doubtful letters %i columns', (odd) =>
    fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const { grid, show, terminal } = stage(24, 5);
        const wcwidth = (codePoint: number): 1 | 2 => (isCertain(codePoint) ? 1 : odd === 1 ? 1 : 2);
        terminal.unicode.register({ version: 'odd', wcwidth, charProperties: (codePoint) => wcwidth(codePoint) << 1 });
        terminal.unicode.activeVersion = 'odd';
        for (const { text, x, y, shown } of steps) {
          grid.region().text(x, y, text, 0);
          if (shown) await show();
        }
        await show();
        const { letters, width } = grid.cells();
        const wrong = [...letters.keys()].filter((at) => {
          const cell = terminal.buffer.active.getLine(Math.trunc(at / width))!.getCell(at % width)!;
          // Where the terminal takes one column and we keep two, the second is empty.
          if (letters[at] === CONTINUED) return odd === 1 && letters[at - 1]! < CLUSTERS && cell.getChars().trim() !== '';
          return isCertain(letters[at]!) && (cell.getChars() || ' ') !== textOfLetter(letters[at]!);
        });
        expect(wrong).toEqual([]);
      }),
      { numRuns: 100 },
    ),
  );

  it('arrives as ASCII where only that is shown', () =>
    fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const { grid, show, terminal } = stage(24, 5, 'none', false);
        for (const { text, x, y, shown } of steps) {
          grid.region().text(x, y, text, 0);
          if (shown) expect(await show()).toMatch(/^[ -~]*$/);
        }
        await show();
        const { letters, width } = grid.cells();
        letters.forEach((letter, at) => {
          const cell = terminal.buffer.active.getLine(Math.trunc(at / width))!.getCell(at % width)!;
          expect(cell.getChars() || ' ').toBe(String.fromCodePoint(asciiOf(letter)));
        });
      }),
      { numRuns: 60 },
    ));

  it('is right at 1x1 and at 1000x1000', async () => {
    const small = stage(1, 1);
    small.grid.region().text(0, 0, 'xyz', 0);
    await small.show();
    expect(small.lines()).toEqual(['x']);
    small.grid.region().text(0, 0, '日', 0);
    await small.show();
    expect(small.lines()).toEqual(['']);
    const large = stage(1000, 1000);
    large.grid.region().fill(0, 0, 1000, 1000, large.grid.table.of({ fg: 0x00ff00 }), 0x28ff);
    large.grid.region().text(995, 999, 'last!', 0);
    await large.show();
    expect(large.lines()[999]).toBe(textOf(large.grid)[999]);
    expect(large.lines()[0]).toBe('\u28ff'.repeat(1000));
  });
});
