import { createCell } from './observable.ts';
import type { Cell } from './observable.ts';

/** What the reader chose. */
export type ThemeChoice = 'auto' | 'dark' | 'light';

/** The colours that canvases draw with, taken from the style sheet. */
export interface Palette {
  /** Colours of series, told apart with every common colour blindness. */
  readonly series: readonly string[];
  readonly text: string;
  readonly grid: string;
  readonly card: string;
  /** Of marks on the time axis. */
  readonly marks: Readonly<Record<'event' | 'warning' | 'critical' | 'over', string>>;
  /** Of the line at the chosen moment. */
  readonly moment: string;
  /** From idle to busy. */
  readonly heat: readonly string[];
}

const ORDER: readonly ThemeChoice[] = ['auto', 'dark', 'light'];
const KEY = 'hecate.theme';
const SERIES = 8;
const HEAT = 5;

/** The theme of the page: what was chosen, and the palette that results. */
export interface Theme {
  readonly choice: Cell<ThemeChoice>;
  readonly palette: Cell<Palette>;
  /** Goes to the next choice: auto, dark, light. */
  next(): void;
}

/** Storage that a private window may refuse; the page then forgets the choice, which harms nobody. */
function readChoice(): ThemeChoice {
  const stored = storage()?.getItem(KEY);
  return ORDER.find((choice) => choice === stored) ?? 'auto';
}

function storage(): Storage | null {
  try {
    return window.localStorage;
  } catch (refusal) {
    if (refusal instanceof DOMException) return null;
    throw refusal;
  }
}

function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const color = (name: string): string => style.getPropertyValue(name).trim();
  return {
    series: Array.from({ length: SERIES }, (_, index) => color(`--series-${index + 1}`)),
    text: color('--muted'),
    grid: color('--grid'),
    card: color('--card'),
    marks: { event: color('--muted'), warning: color('--high'), critical: color('--critical'), over: color('--good') },
    moment: color('--accent'),
    heat: Array.from({ length: HEAT }, (_, index) => color(`--heat-${index + 1}`)),
  };
}

/** Starts the theme that was chosen last, and follows the system's while the choice is `auto`. */
export function startTheme(): Theme {
  const system = window.matchMedia('(prefers-color-scheme: light)');
  const choice = createCell<ThemeChoice>(readChoice());
  const apply = (): void => {
    const light = choice.get() === 'light' || (choice.get() === 'auto' && system.matches);
    document.documentElement.dataset['theme'] = light ? 'light' : 'dark';
  };
  apply();
  const palette = createCell(readPalette());
  const change = (): void => {
    apply();
    palette.set(readPalette());
  };
  system.addEventListener('change', change);
  choice.subscribe(change);
  return {
    choice,
    palette,
    next() {
      const following = ORDER[(ORDER.indexOf(choice.get()) + 1) % ORDER.length]!;
      storage()?.setItem(KEY, following);
      choice.set(following);
    },
  };
}

const channels = (color: string): [number, number, number] => {
  const digits = color.startsWith('#') && color.length === 7 ? color.slice(1) : '808080';
  return [0, 2, 4].map((at) => Number.parseInt(digits.slice(at, at + 2), 16)) as [number, number, number];
};

/** The colour at `share` (0 to 1) of the way from one `#rrggbb` to another. */
export function mixColors(from: string, to: string, share: number): string {
  const start = channels(from);
  const end = channels(to);
  const mixed = start.map((value, index) => Math.round(value + (end[index]! - value) * share));
  return `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

/** `count` colours from the first stop to the last, as red, green, blue, alpha bytes in one little-endian number for ImageData. */
export function colorRamp(stops: readonly string[], count: number): Uint32Array {
  const ramp = new Uint32Array(count);
  for (let i = 0; i < count; i++) {
    const at = (i / (count - 1)) * (stops.length - 1);
    const index = Math.min(stops.length - 2, Math.floor(at));
    const [red, green, blue] = channels(mixColors(stops[index]!, stops[index + 1]!, at - index));
    ramp[i] = ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
  }
  return ramp;
}
