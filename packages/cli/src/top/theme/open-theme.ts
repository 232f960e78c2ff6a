import { HecateError } from '@hecate/host';
import type { Look, Style, Styles } from '../../screen/region.ts';
import type { RampName, Role, Theme } from '../view.ts';
import type { ColourDepth } from '../../terminal/terminal.ts';
import { ANSI } from './ansi.ts';
import { GRUVBOX } from './gruvbox.ts';
import { HECATE } from './hecate.ts';
import { LIGHT } from './light.ts';
import { lookBetween } from './mix.ts';
import { MONO } from './mono.ts';
import { NORD } from './nord.ts';
import type { Palette } from './palette.ts';

/** Every theme that there is, the default first. */
export const PALETTES: readonly Palette[] = [HECATE, GRUVBOX, NORD, LIGHT, ANSI, MONO];

/** Names of {@link PALETTES}, for choices and completions. */
export const THEME_NAMES: readonly string[] = PALETTES.map(({ name }) => name);

/** The theme of a terminal of which nothing is said but how many colours it has. */
export const defaultTheme = (depth: ColourDepth): string => (depth === 'none' ? MONO : depth === 16 ? ANSI : HECATE).name;

/** Steps of a colour scale: more than the eye tells apart, and few enough styles. */
const STEPS = 32;

/** A theme by its name, with its looks in the table of a screen. An unknown name is INVALID. */
export function openTheme(name: string, styles: Styles): Theme {
  const palette = PALETTES.find((one) => one.name === name);
  if (!palette)
    throw new HecateError('INVALID', `There is no theme "${name.slice(0, 40)}".`, { hint: `Themes are: ${THEME_NAMES.join(', ')}.` });
  const { background, roles, ramps, isStepped = false } = palette;
  const lookAt = (stops: readonly Look[], share: number): Look =>
    isStepped ? (stops[Math.round(share * (stops.length - 1))] ?? {}) : lookBetween(stops, share);
  const based = background === null ? {} : { bg: background };
  const looks = Object.fromEntries(Object.entries(roles).map(([role, look]) => [role, styles.of({ ...based, ...look })])) as Record<
    Role,
    Style
  >;
  const scales = Object.fromEntries(
    Object.entries(ramps).map(([ramp, stops]) => [
      ramp,
      Uint16Array.from({ length: STEPS }, (_, step) => styles.of({ ...based, ...lookAt(stops, step / (STEPS - 1)) })),
    ]),
  ) as Record<RampName, Uint16Array>;
  return {
    name: palette.name,
    style: (role) => looks[role],
    // A share that is not known has no colour of its own: it looks like the least.
    ramp: (ramp, share) => scales[ramp][share > 0 ? Math.min(STEPS - 1, Math.round(share * (STEPS - 1))) : 0]!,
    selection: palette.selection,
  };
}
