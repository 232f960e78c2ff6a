/** The colours of a picture. */
export interface FigureTheme {
  readonly background: string;
  readonly panel: string;
  readonly edge: string;
  readonly text: string;
  readonly dim: string;
  readonly accent: string;
  /** Where there is nothing. */
  readonly track: string;
  /**
   * Ten colours from least to most. Each is further from the background than the one before, in lightness too: so the order is seen
   * by people who do not tell colours apart, and on paper that has none.
   */
  readonly ramp: readonly string[];
  /** Colours of verdicts, which always stand beside the word. */
  readonly good: string;
  readonly warn: string;
  readonly bad: string;
}

/** Names of the themes of pictures. */
export type FigureThemeName = 'dark' | 'light';

/** The themes of pictures. */
export const FIGURE_THEMES: Readonly<Record<FigureThemeName, FigureTheme>> = {
  dark: {
    background: '#0b0f14',
    panel: '#121821',
    edge: '#223040',
    text: '#e3ebf3',
    dim: '#8fa2b5',
    accent: '#4fd1c5',
    track: '#18212c',
    ramp: ['#1d2f4e', '#1f4468', '#215a7f', '#237290', '#298a99', '#39a29a', '#5bb892', '#8acc83', '#bfdd75', '#f6ea6c'],
    good: '#4cc3a0',
    warn: '#e8b04a',
    bad: '#ff7a6b',
  },
  light: {
    background: '#f4f6f8',
    panel: '#ffffff',
    edge: '#d5dde5',
    text: '#17212b',
    dim: '#586877',
    accent: '#0b7f86',
    track: '#eef1f4',
    ramp: ['#e0f1ea', '#c0e4d9', '#9bd5cb', '#74c3c3', '#50aebd', '#3797b4', '#2a7ea8', '#266497', '#254a80', '#222f62'],
    good: '#0f766e',
    warn: '#9a5b00',
    bad: '#b42318',
  },
};

/** The colour of a share from 0 to 1. */
export function rampColour({ ramp }: FigureTheme, share: number): string {
  return ramp[Math.min(ramp.length - 1, Math.max(0, Math.floor(share * ramp.length)))] as string;
}

/** The colour of letters that stand on a colour, `#rrggbb`: the one of black and white that is further away in lightness. */
export function letterColour(colour: string): string {
  return contrastOf(colour, '#ffffff') >= contrastOf(colour, '#0b0f14') ? '#ffffff' : '#0b0f14';
}

/** The contrast of two colours after WCAG 2, from 1 to 21. */
export function contrastOf(one: string, other: string): number {
  const [light, dark] = [luminanceOf(one), luminanceOf(other)].toSorted((a, b) => b - a) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/** The relative luminance of `#rrggbb` after WCAG 2, from 0 to 1. */
function luminanceOf(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
