import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import xterm from '@xterm/headless';
import { afterAll } from 'vitest';
import { root } from './source-tree.testing.ts';

/** Whether programs can be run in a terminal of our own here: it takes Python. */
export const HAS_PTY: boolean = spawnSync('python3', ['-c', 'import fcntl, pty, termios']).status === 0;

/** How a program is started. */
export interface PtyOptions {
  readonly width?: number;
  readonly height?: number;
  /** All of its environment. */
  readonly env: NodeJS.ProcessEnv;
  readonly cwd?: string;
}

/** A cell of the screen. Colours are 0xRRGGBB, or the number in the palette as negative less one: -1 is 0; null is the terminal's own. */
export interface PtyCell {
  readonly text: string;
  readonly fg: number | null;
  readonly bg: number | null;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly underline: boolean;
  readonly reverse: boolean;
}

/** What a program left behind. `raw`: the terminal still hands over single keys; null after a hang-up. */
export interface PtyEnd {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly raw: boolean | null;
}

/** A program in a terminal. */
export interface Pty {
  /** Its process and process group. */
  readonly pid: number;
  /** The rows of the screen, without the spaces at their ends. */
  screen(): string[];
  cell(x: number, y: number): PtyCell;
  /** Whether a mode is on that is switched by `CSI ? number h`: 25 is the cursor, 1049 the other screen, 1002 the mouse. */
  mode(number: number): boolean;
  /** All that it has written. */
  written(): string;
  /** Waits until a text is on the screen, or a question is answered with yes; fails after `seconds`, or when the program ends first. */
  until(wanted: RegExp | (() => boolean), seconds?: number): Promise<void>;
  /** Types. */
  send(text: string | Uint8Array): void;
  resize(width: number, height: number): void;
  /** Sends a signal to the job, as the terminal does. */
  signal(name: NodeJS.Signals): void;
  /** Does not read what the program writes, as a terminal that stands still; or goes on. */
  pause(isPaused: boolean): void;
  /** Resolves when it has stopped, like after Ctrl-Z, with whether the terminal was left raw. */
  stopped(seconds?: number): Promise<{ readonly signal: string; readonly raw: boolean | null }>;
  /** Brings it back, as `fg` does. */
  foreground(): void;
  /** Closes the terminal, as its window does; with the signal SIGHUP or without. */
  hangUp(withSignal: boolean): void;
  /** Resolves when it has ended and all that it wrote is on the screen. */
  ended(seconds?: number): Promise<PtyEnd>;
  /** Ends it, if it has not ended. */
  kill(): void;
}

const alive = new Set<ChildProcess>();

// The helper kills what it has started when its input ends.
afterAll(() => {
  for (const child of alive) child.stdin?.end();
});

const colour = (isDefault: boolean, isPalette: boolean, value: number): number | null =>
  isDefault ? null : isPalette ? -1 - value : value;

/** A promise that fails after some seconds. */
async function within<Result>(promise: Promise<Result>, seconds: number, what: () => string): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`${what()} within ${seconds} s.`)), seconds * 1000);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** Starts a program in a terminal, as a job of a shell. 80x24 unless said otherwise; 0 is a terminal that does not say its size. */
export async function startPty(program: readonly string[], { width = 80, height = 24, env, cwd }: PtyOptions): Promise<Pty> {
  const child = spawn('python3', [join(root, 'test', 'pty.py'), `${width}`, `${height}`, ...program], {
    env,
    cwd,
    stdio: ['pipe', 'pipe', 'inherit', 'pipe'],
  });
  alive.add(child);
  const [stdin, stdout, , events] = child.stdio as unknown as [Writable, Readable, null, Readable];
  stdin.on('error', () => undefined);
  const terminal = new xterm.Terminal({ cols: width || 80, rows: height || 24, allowProposedApi: true, scrollback: 1000 });
  const modes = new Set([7, 25]);
  for (const final of ['h', 'l']) {
    terminal.parser.registerCsiHandler({ prefix: '?', final }, (numbers) => {
      for (const number of numbers.flat()) modes[final === 'h' ? 'add' : 'delete'](number);
      return false;
    });
  }

  let written = '';
  stdout.setEncoding('latin1').on('data', (text: string) => {
    written += text;
    terminal.write(Buffer.from(text, 'latin1'));
  });
  const closed = new Promise<void>((resolve) => {
    stdout.on('end', () => terminal.write('', resolve));
  });

  const told: Record<string, unknown>[] = [];
  const listeners = new Set<() => void>();
  let line = '';
  events.setEncoding('utf8').on('data', (text: string) => {
    const lines = (line + text).split('\n');
    line = lines.pop()!;
    for (const event of lines) told.push(JSON.parse(event) as Record<string, unknown>);
    for (const listener of listeners) listener();
  });
  const failed = new Promise<never>((_resolve, reject) => child.on('error', reject));
  failed.catch(() => alive.delete(child));
  child.on('close', () => alive.delete(child));

  /** The next event of a kind that nobody has waited for yet. */
  const event = <Event>(kind: string): Promise<Event> =>
    new Promise((resolve) => {
      const look = (): void => {
        const index = told.findIndex((one) => one['event'] === kind);
        if (index < 0) return;
        listeners.delete(look);
        resolve(told.splice(index, 1)[0] as Event);
      };
      listeners.add(look);
      look();
    });

  const name = program.join(' ');
  const screen = (): string[] =>
    Array.from({ length: terminal.rows }, (_, y) => {
      const { active } = terminal.buffer;
      return (
        active
          .getLine(active.baseY + y)
          ?.translateToString(true)
          .trimEnd() ?? ''
      );
    });
  const shown = (): string => `\n${screen().join('\n')}`;
  const command = (order: Record<string, unknown>): void => void stdin.write(`${JSON.stringify(order)}\n`);
  const { pid } = await within(Promise.race([event<{ pid: number }>('started'), failed]), 30, () => `${name} did not start`);
  const end = event<PtyEnd>('ended');
  let hasEnded = false;
  void end.then(() => (hasEnded = true));

  return {
    pid,
    screen,
    cell(x, y) {
      const { active } = terminal.buffer;
      const cell = active.getLine(active.baseY + y)?.getCell(x);
      if (cell === undefined) throw new Error(`There is no cell ${x},${y} on a screen of ${terminal.cols}x${terminal.rows}.`);
      return {
        text: cell.getChars(),
        fg: colour(cell.isFgDefault(), cell.isFgPalette(), cell.getFgColor()),
        bg: colour(cell.isBgDefault(), cell.isBgPalette(), cell.getBgColor()),
        bold: cell.isBold() !== 0,
        dim: cell.isDim() !== 0,
        underline: cell.isUnderline() !== 0,
        reverse: cell.isInverse() !== 0,
      };
    },
    mode: (number) => modes.has(number),
    written: () => Buffer.from(written, 'latin1').toString(),
    async until(wanted, seconds = 30) {
      // A frame that is half there shows two moments at once: it is complete when its synchronized update is over.
      const isComplete = (): boolean => hasEnded || !modes.has(2026);
      const isThere = (): boolean => isComplete() && (typeof wanted === 'function' ? wanted() : wanted.test(screen().join('\n')));
      const deadline = Date.now() + seconds * 1000;
      while (!isThere()) {
        const over = hasEnded;
        if (over) await closed;
        if (isThere()) return;
        if (over) throw new Error(`${name} ended without ${String(wanted)}:${shown()}`);
        if (Date.now() > deadline) throw new Error(`${name} did not come to ${String(wanted)} within ${seconds} s:${shown()}`);
        await new Promise((resolve) => {
          setTimeout(resolve, 10);
        });
      }
    },
    send: (text) => command({ input: Buffer.from(text).toString('hex') }),
    resize(columns, rows) {
      terminal.resize(columns, rows);
      command({ resize: [columns, rows] });
    },
    signal: (signal) => void process.kill(-pid, signal),
    pause: (isPaused) => command({ pause: isPaused }),
    stopped: (seconds = 30) => within(event('stopped'), seconds, () => `${name} did not stop${shown()}\n`),
    foreground: () => command({ foreground: true }),
    hangUp: (withSignal) => command({ hangup: withSignal }),
    async ended(seconds = 30) {
      const { status, signal, raw } = await within(end, seconds, () => `${name} did not end${shown()}\n`);
      await within(closed, seconds, () => `${name} ended, and its terminal stayed open`);
      return { status, signal, raw };
    },
    kill: () => stdin.end(),
  };
}
