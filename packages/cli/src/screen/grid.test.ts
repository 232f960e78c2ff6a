import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createGrid } from './grid.ts';
import type { Grid } from './grid.ts';
import { columnsOf, CONTINUED } from './letters.ts';
import { lookOf, textOf } from './plain-text.ts';
import { createStyles } from './styles.ts';

const grid = (width: number, height = 1): Grid<string> => createGrid<string>(width, height, createStyles());

/** What one line shows after one text. */
function shown(text: string, width: number, most?: number): string {
  const made = grid(width);
  made.region().text(0, 0, text, 0, most);
  return textOf(made)[0]!;
}

describe('texts', () => {
  it.each([
    ['plain', 8, undefined, 'plain'],
    ['longer than that', 6, undefined, 'longer'],
    ['longer than that', 9, 6, 'longe…'],
    ['longer than that', 3, 6, 'lon'],
    ['fits', 9, 4, 'fits'],
    ['日本語', 6, undefined, '日本語'],
    ['日本語', 5, undefined, '日本'],
    ['日本語', 9, 5, '日本…'],
    ['日本語', 9, 4, '日 …'],
    ['日', 9, 1, '…'],
    ['', 4, undefined, ''],
    ['x', 4, 0, ''],
  ])('%j in %i columns, at most %s: %j', (text, width, most, line) => expect(shown(text, width, most)).toBe(line));

  it.each([
    ['é as e and accent', 'e\u0301', 1],
    ['a Thai vowel above', 'กี', 1],
    ['a Korean syllable of three', '\u1112\u1161\u11ab', 2],
    ['a family', '👨‍👩‍👧‍👦', 2],
    ['a flag', '🇩🇪', 2],
    ['a flag of a region', '🏴󠁧󠁢󠁷󠁬󠁳󠁿', 2],
    ['a hand with a colour', '👋🏽', 2],
    ['a heart as picture', '❤️', 2],
    ['a key with a digit', '1️⃣', 2],
    ['full width', 'Ａ', 2],
    ['ambiguous ones', '±§°', 3],
    ['a private one', '\ue0b0', 1],
  ])('%s: %j takes %i columns', (_name, text, columns) => {
    const made = grid(10);
    expect([made.region().text(0, 0, text, 0), columnsOf(text)]).toEqual([columns, columns]);
    expect(textOf(made)[0]).toBe(text);
  });

  it.each([
    ['an escape', '\u001b[2J', String.raw`\x1b[2J`],
    ['a line end', 'a\nb', String.raw`a\x0ab`],
    ['a line end of two', 'a\r\nb', String.raw`a\x0d\x0ab`],
    ['a C1 control', '\u009b31m', String.raw`\x9b31m`],
    ['turned writing', 'a\u202eb', String.raw`a\x202eb`],
    ['a zero-width space', 'a\u200bb', String.raw`a\x200bb`],
    ['a joiner that joins no pictures', 'a\u200db', String.raw`a\x200db`],
    ['a joiner at the end', '👨\u200d', String.raw`👨\x200d`],
    ['a soft hyphen', 'a\u00adb', String.raw`a\xadb`],
    ['a line separator', '\u2028', String.raw`\x2028`],
    ['half a surrogate pair', 'a\ud83db', 'a\ufffdb'],
    ['a mark alone', '\u0301x', '\u00a0\u0301x'],
    ['tags that hide words', '👋\u{e0068}\u{e0069}', String.raw`👋\xe0068\xe0069`],
  ])('%s is shown, not sent', (_name, text, line) => expect(shown(text, 40)).toBe(line));

  it('a hundred accents are cut', () => expect(shown(`a${'\u0301'.repeat(100)}b`, 4)).toMatch(/^a\u0301{1,15}b$/u));

  it('half of a wide letter is a space', () => {
    const made = grid(6);
    made.region().text(0, 0, '日本語', 0);
    made.region().put(1, 0, 0x41, 0);
    made.region().put(4, 0, 0x42, 0);
    expect(textOf(made)).toEqual([' A本B']);
    made.region().text(1, 0, '日本', 0);
    expect(textOf(made)).toEqual([' 日本']);
  });
});

describe('regions', () => {
  it('cut off at all four sides, and keep their size', () => {
    const made = grid(6, 4);
    const part = made.region().part(-1, 1, 5, 10);
    expect([part.width, part.height]).toEqual([5, 10]);
    part.fill(-3, -3, 99, 99, 0, 0x2e);
    part.text(0, 0, 'abcdefgh', 0);
    part.text(0, 1, '日本語', 0);
    part.text(0, 9, 'below', 0);
    part.part(3, 2, 9, 1).text(0, 0, 'part', 0);
    expect(textOf(made)).toEqual(['', 'bcde', ' 本', '..pa']);
  });

  it('take sizes below nothing as nothing', () => {
    const made = grid(2, 2);
    made.region().part(1, 1, -5, -5).text(0, 0, 'x', 0);
    made.region().part(0, 0, Number.NaN, 1).fill(0, 0, 1, 1, 0, 0x78);
    expect(textOf(made)).toEqual(['', '']);
    expect(createGrid(0, -3, createStyles()).cells()).toMatchObject({ width: 1, height: 1 });
  });

  it('tint what is written, both halves of a wide letter', () => {
    const made = grid(6);
    const red = made.table.of({ fg: 0xff0000, bold: true });
    made.region().text(0, 0, 'a日b', red);
    made.region().tint(2, 0, 2, 1, 0x333333);
    expect([0, 1, 2, 3, 4].map((x) => lookOf(made, x, 0).bg ?? null)).toEqual([null, 0x333333, 0x333333, 0x333333, null]);
    expect(lookOf(made, 1, 0)).toEqual({ fg: 0xff0000, bold: true, bg: 0x333333 });
  });

  it('say what a click means: the last mark wins, cut to its region', () => {
    const made = grid(10, 2);
    made.region().mark(0, 0, 10, 2, 'below');
    made.region().part(2, 0, 3, 1).mark(-5, 0, 99, 9, 'above');
    expect([1, 2, 4, 5].map((x) => made.markAt(x, 0))).toEqual(['below', 'above', 'above', 'below']);
    expect([made.markAt(3, 1), made.markAt(99, 0)]).toEqual(['below', null]);
    made.clear();
    expect(made.markAt(3, 0)).toBeNull();
  });
});

describe('styles', () => {
  it('have one number a look, for ever', () => {
    const table = createStyles();
    expect(table.of({})).toBe(0);
    expect(table.of({ fg: null, bg: null, bold: false })).toBe(0);
    const first = table.of({ fg: 0, bg: 0xffffff, underline: true });
    expect(table.of({ underline: true, bg: 0xffffff, fg: 0 })).toBe(first);
    expect(table.of({ fg: null, bg: 0xffffff, underline: true })).not.toBe(first);
  });

  it('of a space are what a space shows', () => {
    const table = createStyles();
    expect(table.blank(table.of({ fg: 1, bold: true }))).toBe(0);
    expect(table.look(table.blank(table.of({ fg: 1, bg: 2, italic: true })))).toEqual({ bg: 2 });
    const reversed = table.of({ fg: 1, reverse: true, dim: true });
    expect(table.look(table.blank(reversed))).toEqual({ fg: 1, bg: null, reverse: true });
  });
});

describe('any drawing', () => {
  const step = fc.record({
    text: fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('日本', '👋🏽', 'e\u0301', '\u001b[31m', 'plain')),
    x: fc.integer({ min: -4, max: 14 }),
    y: fc.integer({ min: -2, max: 6 }),
    most: fc.option(fc.integer({ min: -1, max: 20 }), { nil: undefined }),
    style: fc.integer({ min: 0, max: 3 }),
  });

  it('leaves whole letters, in one style each, and nothing that steers a terminal', () =>
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        const made = grid(12, 4);
        const looks = [{}, { bold: true }, { bg: 5 }, { reverse: true }].map((look) => made.table.of(look));
        for (const { text, x, y, most, style } of steps) {
          made.region().part(1, 1, 9, 3).text(x, y, text, looks[style]!, most);
          made.region().text(x, y, text, looks[style]!, most);
          made.region().tint(x, y, 3, 1, 7);
        }
        const { letters, styles, width } = made.cells();
        letters.forEach((letter, at) => {
          if (letter !== CONTINUED) return;
          expect(at % width).toBeGreaterThan(0);
          expect(letters[at - 1]).not.toBe(CONTINUED);
          expect(styles[at]).toBe(styles[at - 1]);
        });
        expect(textOf(made).join('')).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Surrogate}]|\u202e|\u200b/u);
      }),
    ));
});
