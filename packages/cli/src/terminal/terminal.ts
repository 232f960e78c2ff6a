import type { WriteStream } from 'node:tty';

/** How many colours can be told apart: none, the 16 of the palette, 256, or each of red, green and blue (`true`). */
export type ColourDepth = 'none' | 16 | 256 | 'true';

/** What the place that text is printed to can show. */
export interface Terminal {
  /** Columns. 80 where it is not a terminal. */
  readonly width: number;
  readonly colour: boolean;
  /** Whether more than ASCII can be shown. */
  readonly unicode: boolean;
}

/** What a stream can show: colours only on a terminal and without NO_COLOR (no-color.org); FORCE_COLOR overrides. */
export function terminalOf(stream: NodeJS.WriteStream): Terminal {
  const { NO_COLOR, TERM, LC_ALL, LC_CTYPE, LANG } = process.env;
  const tty = (stream as Partial<WriteStream>).isTTY === true;
  return {
    width: tty && stream.columns > 0 ? stream.columns : 80,
    colour: forcedColour() || (tty && !NO_COLOR && TERM !== 'dumb'),
    unicode: /utf-?8/i.test(LC_ALL || LC_CTYPE || LANG || 'UTF-8') && TERM !== 'linux' && TERM !== 'dumb',
  };
}

function forcedColour(): boolean {
  const { FORCE_COLOR } = process.env;
  return FORCE_COLOR !== undefined && FORCE_COLOR !== '' && FORCE_COLOR !== '0';
}

/** Whether the cursor can be moved on a stream: it is a terminal, and TERM says that it is more than a teletype. */
export function canDraw(stream: NodeJS.WriteStream): boolean {
  const { TERM } = process.env;
  return (stream as Partial<WriteStream>).isTTY === true && TERM !== 'dumb' && TERM !== 'unknown';
}

/** Terminals that show all colours, and do not always say so in COLORTERM. */
const TRUE_COLOUR = /direct|kitty|ghostty|alacritty|wezterm|^foot|^contour|^iterm/;

/**
 * How many colours a stream shows. FORCE_COLOR of 1, 2 and 3 is 16, 256 and all of them, as other programs have it. Then COLORTERM and
 * TERM say it; whoever says nothing gets the 16, which their owner has chosen.
 */
export function depthOf(stream: NodeJS.WriteStream): ColourDepth {
  const { FORCE_COLOR, COLORTERM = '', TERM = '', TERM_PROGRAM, STY, WT_SESSION } = process.env;
  if (!terminalOf(stream).colour) return 'none';
  if (forcedColour()) {
    const forced = ({ 1: 16, 2: 256, 3: 'true' } as const)[FORCE_COLOR!];
    if (forced !== undefined) return forced;
  }
  // GNU screen passes all colours on only if told to, and hands its window the COLORTERM of the terminal around it.
  const inScreen = STY !== undefined && TERM.startsWith('screen');
  if (/^(?:truecolor|24bit)$/i.test(COLORTERM) && !inScreen) return 'true';
  if (TERM === 'linux') return 16;
  if (/^vt[1-4]\d\d/.test(TERM)) return 'none';
  if (TRUE_COLOUR.test(TERM) || TERM_PROGRAM === 'iTerm.app' || WT_SESSION !== undefined) return 'true';
  return TERM.includes('256') || TERM_PROGRAM === 'Apple_Terminal' ? 256 : 16;
}
