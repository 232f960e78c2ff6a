import type { ReadStream, WriteStream } from 'node:tty';
import type { ColourDepth } from '../terminal/terminal.ts';
import type { Grid } from './grid.ts';
import { endByHangUp } from './hang-up.ts';
import { createInputParser } from './input.ts';
import type { InputEvent } from './input-event.ts';
import { createPainter } from './painter.ts';
import type { StyleTable } from './styles.ts';
import { openTerminalOutput } from './terminal-output.ts';

/** Columns and rows. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Why a session ends that was not closed by its owner. */
export interface SessionEnd {
  /** The signal; `hangup`: the terminal went away without one. */
  readonly why: 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'SIGQUIT' | 'hangup';
  /** The exit status that says so: 128 and the number of the signal. After a hang-up the process ends by the signal itself. */
  readonly status: number;
}

/** What a session is opened with. */
export interface SessionOptions {
  /** A terminal: who opens a session has looked. */
  readonly input: ReadStream;
  readonly output: WriteStream & { readonly fd: number };
  readonly table: StyleTable;
  readonly depth: ColourDepth;
  readonly unicode: boolean;
  /** Whether clicks come to us; else the terminal selects text with them. */
  readonly mouse: boolean;
  onInput(event: InputEvent): void;
  /** The size may be another one, and the screen must be shown again: it was resized, or we were stopped and go on. */
  onResize(size: Size): void;
  /**
   * The process is to end: the terminal is restored already. Comes once; a second signal ends the process at once with the status of
   * the first.
   */
  onEnd(end: SessionEnd): void;
}

/** A terminal that we have to ourselves. */
export interface Session {
  size(): Size;
  /** Shows a grid. While the terminal is behind nothing is sent: as soon as it is not, the grid is shown as it is then. */
  show(grid: Grid<unknown>): void;
  /** Whatever the terminal shows, the next picture is sent whole. */
  forget(): void;
  /** Gives the terminal back and stops the process, as Ctrl-Z does; returns when it goes on. */
  suspend(): void;
  /** Gives the terminal back as it was. The second time does nothing. */
  close(): void;
}

/** No terminal is larger; one that says so is wrong, and would take all memory. */
const WIDEST = 2048;
const HIGHEST = 1024;

const SIGNALS = { SIGHUP: 129, SIGINT: 130, SIGQUIT: 131, SIGTERM: 143 } as const;

// In this order: the other screen, no line ends by itself, no cursor, pastes marked.
const ENTER = '\u001b[?1049h\u001b[?7l\u001b[?25l\u001b[?2004h';
// Buttons, and movement while one is held, in decimal numbers.
const MOUSE_ON = '\u001b[?1002h\u001b[?1006h';
const MOUSE_OFF = '\u001b[?1006l\u001b[?1002l';
// A frame that was cut off ends; a terminal that has no other screen is left empty rather than with half a picture.
const LEAVE = '\u001b[?2026l\u001b[m\u001b[H\u001b[2J\u001b[?2004l\u001b[?25h\u001b[?7h\u001b[?1049l';

/** The size that a terminal says; 80x24 where it says none. */
export function sizeOf(output: Pick<WriteStream, 'columns' | 'rows'>): Size {
  const { columns, rows } = output;
  if (!(columns > 0 && rows > 0)) return { width: 80, height: 24 };
  return { width: Math.min(columns, WIDEST), height: Math.min(rows, HIGHEST) };
}

/**
 * Takes the terminal: raw keys, the other screen, the mouse. It is given back on every way out of the process that leaves a moment for
 * it: `close`, an exception that nobody catches, `process.exit`, and the signals that end or stop.
 */
export function openTerminal(options: SessionOptions): Session {
  const { input, output, table, depth, unicode } = options;
  const painter = createPainter({ table, depth, unicode });
  const parser = createInputParser();
  let patience: NodeJS.Timeout | null = null;
  let waiting: Grid<unknown> | null = null;
  let end: SessionEnd | null = null;
  let isInside = false;
  let isClosed = false;

  const out = openTerminalOutput(output.fd, {
    onDrain() {
      const grid = waiting;
      waiting = null;
      if (grid !== null && isInside) show(grid);
    },
    onGone: () => hungUp(),
  });

  const show = (grid: Grid<unknown>): void => {
    if (!isInside) return;
    if (out.busy()) waiting = grid;
    else out.write(painter.paint(grid.cells()));
  };

  const enter = (): void => {
    isInside = true;
    // Twice: the shell may have set the terminal otherwise behind the back of Node, which would think that nothing is to be done.
    input.setRawMode(false);
    input.setRawMode(true);
    painter.forget();
    out.force(ENTER + (options.mouse ? MOUSE_ON : ''));
  };

  const leave = (): void => {
    if (!isInside) return;
    isInside = false;
    waiting = null;
    out.force((options.mouse ? MOUSE_OFF : '') + LEAVE);
    input.setRawMode(false);
  };

  const takeInput = (bytes: Buffer): void => {
    if (patience !== null) clearTimeout(patience);
    const events = parser.feed(bytes);
    const wait = parser.patience();
    patience = wait === null ? null : setTimeout(() => tell(parser.flush()), wait);
    tell(events);
  };

  const tell = (events: readonly InputEvent[]): void => {
    for (const event of events) if (!isClosed && end === null) options.onInput(event);
  };

  const resized = (): void => {
    if (!isInside) return;
    painter.forget();
    options.onResize(sizeOf(output));
  };

  const reenter = (): void => {
    enter();
    // Who is stopped is not told about another size of the window: Node reads it once more at this signal.
    process.kill(process.pid, 'SIGWINCH');
    resized();
  };

  /** A stop of which we knew nothing ends: whoever stopped us may have used the terminal. */
  const continued = (): void => {
    if (!isInside) return;
    reenter();
  };

  const stop = (): void => {
    leave();
    // What the signal does by itself is right in every case: a process whose shell could not wake it does not stop.
    process.off('SIGTSTP', stop);
    process.kill(0, 'SIGTSTP');
    process.on('SIGTSTP', stop);
    if (isClosed || end !== null) return;
    reenter();
  };

  const finish = (why: SessionEnd['why']): void => {
    if (end !== null) process.exit(end.status);
    end = { why, status: why === 'hangup' ? SIGNALS.SIGHUP : SIGNALS[why] };
    leave();
    options.onEnd(end);
  };

  const hungUp = (): void => {
    if (end === null && !isClosed) finish('hangup');
  };

  const signalled = (signal: NodeJS.Signals): void => finish(signal as SessionEnd['why']);

  for (const signal of Object.keys(SIGNALS)) process.on(signal, signalled);
  process.on('SIGTSTP', stop);
  process.on('SIGCONT', continued);
  process.on('exit', leave);
  endByHangUp();
  // Before the report of the error is written: it belongs on the screen of the shell.
  process.on('uncaughtExceptionMonitor', leave);
  output.on('resize', resized);
  output.on('error', hungUp);
  input.on('error', hungUp);
  input.on('end', hungUp);
  input.on('data', takeInput);
  enter();
  input.resume();

  return {
    size: () => sizeOf(output),
    show,
    forget: () => painter.forget(),
    suspend: stop,
    close() {
      if (isClosed) return;
      leave();
      isClosed = true;
      if (patience !== null) clearTimeout(patience);
      for (const signal of Object.keys(SIGNALS)) process.off(signal, signalled);
      process.off('SIGTSTP', stop);
      process.off('SIGCONT', continued);
      process.off('exit', leave);
      process.off('uncaughtExceptionMonitor', leave);
      output.off('resize', resized);
      input.off('data', takeInput);
      input.off('end', hungUp);
      input.pause();
      out.close();
      // The listeners of errors stay: an error of a terminal that went away may come later, and is no news.
    },
  };
}
