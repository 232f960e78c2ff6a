import type { WriteStream } from 'node:tty';

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
  const { NO_COLOR, FORCE_COLOR, TERM, LC_ALL, LC_CTYPE, LANG } = process.env;
  const tty = (stream as Partial<WriteStream>).isTTY === true;
  const forced = FORCE_COLOR !== undefined && FORCE_COLOR !== '' && FORCE_COLOR !== '0';
  return {
    width: tty && stream.columns > 0 ? stream.columns : 80,
    colour: forced || (tty && !NO_COLOR && TERM !== 'dumb'),
    unicode: /utf-?8/i.test(LC_ALL || LC_CTYPE || LANG || 'UTF-8') && TERM !== 'linux' && TERM !== 'dumb',
  };
}

const COLOURS = { red: 31, green: 32, yellow: 33, blue: 34, magenta: 35, cyan: 36, grey: 90, bold: 1 } as const;

/** A colour of {@link paint}. */
export type Colour = keyof typeof COLOURS;

/** Text in a colour, where colours can be shown. */
export function paint({ colour }: Terminal, name: Colour, text: string): string {
  return colour ? `\u001b[${COLOURS[name]}m${text}\u001b[0m` : text;
}

/** Text that a machine named, safe to print: control characters, which could steer the terminal, are shown as `\xNN`. */
export function printable(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
