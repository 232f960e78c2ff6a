import { describe, expect, test } from 'vitest';
import { textOf } from '../../screen/plain-text.ts';
import { drawFacts, factsPerRow } from './facts.ts';
import type { Fact } from './facts.ts';
import { drawFrame } from './frame.ts';
import { lineLetters } from './letters.ts';
import { briefBytes, celsiusText, finePercentText, hertzText, loadText, percentText, quantityText, wattsText } from './number-text.ts';
import { paperOf } from './picture.testing.ts';

const UNICODE = lineLetters(true);

describe('numbers', () => {
  test.each([null, undefined, Number.NaN])('%s is not known, whatever it would be', (value) => {
    const texts = [
      percentText(value),
      finePercentText(value),
      celsiusText(value, UNICODE),
      wattsText(value),
      hertzText(value),
      loadText(value),
    ];
    expect(new Set([...texts, quantityText(value, 'bytes'), briefBytes(value, 'bytes/second')])).toEqual(new Set(['-']));
  });

  test('they are as wide as their columns', () => {
    expect([0, 0.4, 7.5, 99.95, 100].map(finePercentText)).toEqual(['0.0 %', '0.4 %', '7.5 %', '100 %', '100 %']);
    expect([0.004, 9.996, 99.99, 1234.5].map(loadText)).toEqual(['0.00', '10.00', '99.99', '1235']);
    expect([3.14, 99.94, 250].map(wattsText)).toEqual(['3.1 W', '99.9 W', '250 W']);
    expect(celsiusText(48.4, UNICODE)).toBe('48°C');
    expect(celsiusText(48.4, lineLetters(false))).toBe('48 C');
  });

  test('bytes in at most five columns, whatever their size', () => {
    expect([0, 0.3, 999, 1023, 12_345, 2 ** 30, 3.71 * 2 ** 30].map((value) => briefBytes(value, 'bytes'))).toEqual([
      '0',
      '0',
      '999',
      '1023',
      '12.1K',
      '1G',
      '3.71G',
    ]);
    for (let power = 0; power < 50; power++) expect(briefBytes(1.2345 * 2 ** power, 'bytes').length).toBeLessThanOrEqual(5);
    expect([1500, 33_100_000].map((value) => briefBytes(value, 'bytes/second'))).toEqual(['1.5k', '33.1M']);
  });
});

describe('facts', () => {
  const facts: Fact[] = ['one', 'three', 'a longer name'].map((name) => ({ name, text: '1', width: 4 }));

  test('as many beside each other as fit, and only the shown ones count', () => {
    expect(factsPerRow(facts, 100, 1)).toBe(3);
    expect(factsPerRow(facts, 22, 1)).toBe(2);
    expect(factsPerRow(facts, 5, 1)).toBe(1);
    expect(factsPerRow([], 5, 1)).toBe(1);
  });

  test('no room and no facts take none', () => {
    const { paper, grid } = paperOf(30, 3);
    expect([drawFacts(paper, [], 0, 3), drawFacts(paper, facts, 0, 0)]).toEqual([0, 0]);
    expect(drawFacts(paper, facts, 0, 1)).toBe(1);
    expect(textOf(grid)).toEqual([expect.stringMatching(/^one +1 +three +1$/), '', '']);
  });
});

describe('frame', () => {
  const frameOf = (width: number, height: number, right: readonly string[], about = 'what it is called'): string[] => {
    const { paper, grid } = paperOf(width, height);
    drawFrame(paper, { box: 'cpu', title: 'cpu', about, right: right.map((text) => ({ text, style: 0 })) });
    return textOf(grid);
  };

  test('too small for one: none, and all of the paper is inside', () => {
    expect(frameOf(5, 5, [])).toEqual(['', '', '', '', '']);
    const { paper } = paperOf(5, 5);
    expect(drawFrame(paper, { box: null, title: 'x' })).toBe(paper);
  });

  test('at the right the last stays longest; what it is called fills the rest or goes', () => {
    expect(frameOf(60, 3, ['first', '', 'last'])[0]).toMatch(/^╭─ 1 cpu ─ what it is called ─+ first ─ last ─╮$/);
    expect(frameOf(20, 3, ['first', 'last'])[0]).toMatch(/^╭─ 1 cpu ─+ last ─╮$/);
    expect(frameOf(12, 3, ['first', 'last'])[0]).toMatch(/^╭─ 1 cpu ─+╮$/);
  });

  test('letters of two columns count as two', () => {
    const [top] = frameOf(40, 3, ['日本'], '');
    expect(top).toMatch(/ 日本 ─╮$/);
    expect([...top!].length).toBe(38);
  });
});
