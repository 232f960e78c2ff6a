import { describe, expect, test } from 'vitest';
import { fitText, textWidth, wrapText } from './figure-text.ts';
import { contrastOf, FIGURE_THEMES, letterColour, rampColour } from './figure-theme.ts';
import { metricTitle } from './metric-title.ts';

describe.each(Object.entries(FIGURE_THEMES))('the %s theme', (_, theme) => {
  test('has letters that can be read', () => {
    for (const ground of [theme.background, theme.panel]) {
      expect(contrastOf(theme.text, ground)).toBeGreaterThan(7);
      expect(contrastOf(theme.dim, ground)).toBeGreaterThan(4.5);
    }
    for (const colour of theme.ramp) expect(contrastOf(letterColour(colour), colour), colour).toBeGreaterThan(4.5);
  });

  test('has lines and verdicts that can be seen', () => {
    for (const colour of [theme.accent, theme.warn, theme.good, theme.bad]) expect(contrastOf(colour, theme.panel)).toBeGreaterThan(3);
  });

  test('has a ramp whose order is one of lightness too: each step stands out more', () => {
    const contrasts = theme.ramp.map((colour) => contrastOf(colour, theme.panel));
    expect(contrasts).toHaveLength(10);
    for (const [step, contrast] of contrasts.slice(1).entries()) expect(contrast / contrasts[step]!).toBeGreaterThan(1.08);
  });
});

test('shares beyond the ends have the colours of the ends', () => {
  const theme = FIGURE_THEMES.dark;
  expect([-1, 0, 0.0999, 0.1, 0.95, 1, 7].map((share) => theme.ramp.indexOf(rampColour(theme, share)))).toEqual([0, 0, 0, 1, 9, 9, 9]);
});

test('contrast is that of WCAG', () => {
  expect(contrastOf('#ffffff', '#000000')).toBeCloseTo(21, 5);
  expect(contrastOf('#767676', '#ffffff')).toBeCloseTo(4.54, 2);
});

describe('texts', () => {
  test('are cut where there is no room, and made safe for XML', () => {
    expect(fitText('short', 12, 200)).toBe('short');
    const cut = fitText('x'.repeat(500), 12, 200);
    expect(cut).toMatch(/^x+…$/);
    expect(textWidth(cut, 12)).toBeLessThanOrEqual(200);
    expect(fitText('a\u0000b\ufffe\ud800c\udc00\u{1f600}', 12, 900)).toBe('a\\x00b\ufffd\ufffdc\ufffd\u{1f600}');
    expect(fitText('anything', 12, 0)).toBe('…');
  });

  test('are wrapped at blanks, the last line cut', () => {
    expect(wrapText('one two three', 10, textWidth('one two', 10), 3)).toEqual(['one two', 'three']);
    const lines = wrapText('word '.repeat(100).trim(), 10, 120, 2);
    expect(lines).toHaveLength(2);
    expect(lines[1]).toMatch(/…$/);
    for (const line of lines) expect(textWidth(line, 10)).toBeLessThanOrEqual(120);
  });
});

test.each([
  ['cpu_usage_percent', 'CPU usage'],
  ['ram_percent', 'Memory'],
  ['pressure_io_some_percent', 'Pressure I/O (some)'],
  ['disk_write_bytes_per_second', 'Disk write'],
  ['load1', 'Load1'],
  ['their_own_percent', 'their_own_percent'],
  ['constructor', 'constructor'],
  ['__proto__', '__proto__'],
])('%s is called %s', (name, title) => expect(metricTitle(name)).toBe(title));
