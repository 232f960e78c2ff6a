import { HecateError } from '@hecate/host';
import { describe, expect, test } from 'vitest';
import type { Look, Styles } from '../../screen/region.ts';
import type { RampName, Role } from '../view.ts';
import { lookBetween } from './mix.ts';
import { nearestOf16 } from '../../screen/palette.ts';
import { defaultTheme, openTheme, PALETTES, THEME_NAMES } from './open-theme.ts';

/** A table of looks that remembers them. */
function looksOf(): Styles & { readonly all: Look[] } {
  const all: Look[] = [{}];
  return {
    all,
    of(look) {
      const key = JSON.stringify(look);
      const known = all.findIndex((one) => JSON.stringify(one) === key);
      return known >= 0 ? known : all.push(look) - 1;
    },
    look: (style) => all[style] ?? {},
  };
}

/** Relative luminance as WCAG 2 defines it. */
function luminance(colour: number): number {
  const channel = (shift: number): number => {
    const part = ((colour >> shift) & 0xff) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(16) + 0.7152 * channel(8) + 0.0722 * channel(0);
}

function contrast(a: number, b: number): number {
  const [dark, bright] = [luminance(a), luminance(b)].toSorted((first, second) => first - second);
  return (bright! + 0.05) / (dark! + 0.05);
}

describe('themes', () => {
  test('an unknown name is INVALID, and the hint lists what there is', () => {
    const open = (name: string) => (): unknown => openTheme(name, looksOf());
    expect(open('nope')).toThrow(HecateError);
    expect(open('')).toThrow(/There is no theme ""/);
    try {
      openTheme('nope', looksOf());
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ code: 'INVALID', hint: expect.stringContaining(THEME_NAMES.join(', ')) as unknown });
    }
  });

  test('the contrast of WCAG is computed right', () => {
    expect(contrast(0x000000, 0xffffff)).toBeCloseTo(21, 5);
    expect(contrast(0x777777, 0xffffff)).toBeCloseTo(4.48, 1);
  });

  test.each(PALETTES.flatMap((palette) => palette.madeFor.map((on) => [palette.name, on.toString(16), palette, on] as const)))(
    '%s can be read on #%s: text 4.5, graphs and lines 3',
    (_, __, { roles, ramps }, on) => {
      for (const [role, look] of Object.entries(roles) as [Role, Look][]) {
        const ratio = contrast(look.fg ?? 0, look.bg ?? on);
        expect.soft(ratio, role).toBeGreaterThanOrEqual(role === 'border' ? 3 : 4.5);
      }
      for (const [ramp, stops] of Object.entries(ramps) as [RampName, Look[]][])
        for (let step = 0; step <= 20; step++)
          expect.soft(contrast(lookBetween(stops, step / 20).fg ?? 0, on), `${ramp} ${step}/20`).toBeGreaterThanOrEqual(3);
    },
  );

  test.each(PALETTES.filter(({ selection }) => selection !== null))('$name: plain letters can be read in the selected row', (palette) => {
    for (const role of ['plain', 'dim', 'strong', 'good', 'warn', 'bad'] as const)
      expect.soft(contrast(palette.roles[role].fg ?? 0, palette.selection!), role).toBeGreaterThanOrEqual(role === 'dim' ? 3 : 4.5);
  });

  test('mono has no colour anywhere', () => {
    const styles = looksOf();
    const mono = openTheme('mono', styles);
    expect(mono.selection).toBeNull();
    for (const look of styles.all) expect([look.fg ?? null, look.bg ?? null]).toEqual([null, null]);
  });

  test('a scale takes any number and gives a style of its own table', () => {
    const styles = looksOf();
    const theme = openTheme('hecate', styles);
    for (const share of [Number.NaN, -1, 0, 0.5, 1, 2, Infinity, -Infinity])
      expect(styles.look(theme.ramp('cpu', share)).fg).toBeTypeOf('number');
    expect(theme.ramp('cpu', 0)).not.toBe(theme.ramp('cpu', 1));
    expect(theme.ramp('cpu', 9)).toBe(theme.ramp('cpu', 1));
  });

  test('the theme follows the colours that a terminal has', () => {
    expect(([16, 256, 'true', 'none'] as const).map(defaultTheme)).toEqual(['ansi', 'hecate', 'hecate', 'mono']);
  });

  test('ansi has colours only that are one of the sixteen: nothing is mixed', () => {
    const styles = looksOf();
    const ansi = openTheme('ansi', styles);
    const of16 = (share: number): number => nearestOf16(styles.look(ansi.ramp('cpu', share)).fg!);
    expect([0, 0.25, 0.5, 0.75, 1].map(of16)).toEqual([12, 6, 3, 11, 9]);
    expect(new Set(Array.from({ length: 100 }, (_, step) => of16(step / 99))).size).toBe(5);
  });

  test('the background of a theme lies under all of its looks', () => {
    const styles = looksOf();
    const theme = openTheme('nord', styles);
    expect(styles.look(theme.style('dim')).bg).toBe(0x2e3440);
    expect(styles.look(theme.ramp('disk', 0.3)).bg).toBe(0x2e3440);
    expect(styles.look(theme.style('selected')).bg).toBe(0x3d4558);
  });
});
