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
