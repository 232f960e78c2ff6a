/** How a terminal report may be drawn. */
export interface InkOptions {
  readonly colour: boolean;
  /** Box and block characters; without it only ASCII. */
  readonly unicode: boolean;
}

/** What a piece of text means; the ink decides how that looks. */
export type Tone = 'plain' | 'title' | 'calm' | 'dim' | 'strong' | 'good' | 'fair' | 'warn' | 'bad';

/** Draws text for one kind of terminal. */
export interface Ink extends InkOptions {
  /** Text in a tone. Widths are counted before. */
  paint(text: string, tone: Tone): string;
  /** Text in a colour from green (0) over yellow to red (1). */
  heat(text: string, share: number): string;
  /** A cell of a heat map for a share from 0 to 1; null is no data. */
  cell(share: number | null, width: number): string;
}

const TONES: Readonly<Record<Tone, string>> = {
  plain: '',
  title: '1;38;5;80',
  calm: '38;5;73',
  dim: '38;5;245',
  strong: '1',
  good: '38;5;77',
  fair: '38;5;185',
  warn: '38;5;214',
  bad: '1;38;5;203',
};
/** Green to yellow to red in the 256 colours that every terminal with colours has. */
const RAMP = [28, 34, 70, 106, 142, 178, 214, 208, 202, 196, 160];
const SHADES = [...' ░▒▓█'];
const ASCII_SHADES = [...'.-=#@'];

const clamp = (share: number): number => Math.min(1, Math.max(0, share));
const pick = <T>(list: readonly T[], share: number): T => list[Math.min(list.length - 1, Math.floor(clamp(share) * list.length))] as T;

/** An ink. Without colour a share is told by shades, so that nothing is said by colour alone. */
export function createInk({ colour, unicode }: InkOptions): Ink {
  const wrap = (text: string, code: string): string => (colour && code !== '' ? `\u001b[${code}m${text}\u001b[0m` : text);
  return {
    colour,
    unicode,
    paint: (text, tone) => wrap(text, TONES[tone]),
    heat: (text, share) => wrap(text, `38;5;${pick(RAMP, share)}`),
    cell(share, width) {
      if (share === null) return wrap((unicode ? '·' : ' ').padStart(width), TONES.dim);
      if (colour) return wrap(' '.repeat(width), `48;5;${pick(RAMP, share)}`);
      return pick(unicode ? SHADES : ASCII_SHADES, share).repeat(width);
    },
  };
}
