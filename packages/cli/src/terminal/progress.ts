import { clean, createInk, encodeDuration, fit, widthOf } from '@hecate/observe';
import { canDraw, terminalOf } from './terminal.ts';

/** How much of a work whose length is known is done. Of seconds that are waited no rate is told. */
export interface Share {
  readonly done: number;
  readonly total: number;
  /** What is counted, more than one of it: `days`; `s` for seconds. */
  readonly unit: string;
}

/** One line that tells how far a long work is. */
export interface Progress {
  /** Says what is being done: with a bar, the rate and the time left where it is known how much there is, else with something that turns. */
  show(text: string, share?: Share | (() => Share)): void;
  /** Takes the line away; it comes back with the next `show`. The second time does nothing. */
  clear(): void;
}

/** What a line of progress knows of time. */
export interface ProgressClock {
  /** Milliseconds. */
  now(): number;
  /** Calls again and again, without holding the process, until what it returns is called. */
  every(milliseconds: number, call: () => void): () => void;
}

const CLOCK: ProgressClock = {
  now: () => performance.now(),
  every(milliseconds, call) {
    const timer = setInterval(call, milliseconds).unref();
    return () => clearInterval(timer);
  },
};

/** Who is done before this sees no line: one that flashes says nothing. */
const PATIENCE = 600;
/** From one drawing to the next. */
const PACE = 100;
/** Before this the rate is a guess. */
const MEASURED = 1000;
const TURNING = { unicode: [...'⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'], ascii: [...'|/-\\'] };
const BAR_WIDTH = 24;

/** The one that stands on the terminal now, so that who prints beside it can take it away. */
let standing: Progress | null = null;

/** Takes away the line of progress that stands on the terminal, if any: to be called before something else is printed. */
export function clearProgress(): void {
  standing?.clear();
}

/** Whether somebody looks at a line that changes: a terminal that can go back in a line, and no build machine, which keeps each state. */
function isWatched(stream: NodeJS.WriteStream): boolean {
  const { CI } = process.env;
  return canDraw(stream) && (!CI || CI === 'false' || CI === '0');
}

/** Opens a line of progress, which is drawn over and over; where nobody looks, nothing is written. */
export function openProgress(stream: NodeJS.WriteStream, clock: ProgressClock = CLOCK): Progress {
  if (!isWatched(stream)) return { show: () => undefined, clear: () => undefined };
  const opened = clock.now();
  let state: { readonly text: string; readonly share: Share | (() => Share) | undefined } | null = null;
  /** When the count that is shown began, and at what. */
  let began = { text: '', at: opened, done: 0 };
  let drawn = Number.NEGATIVE_INFINITY;
  let turn = 0;
  let stop: (() => void) | null = null;

  const draw = (): void => {
    const now = clock.now();
    if (state === null || now - opened < PATIENCE || now - drawn < PACE) return;
    drawn = now;
    const share = typeof state.share === 'function' ? state.share() : state.share;
    stream.write(`\r${lineOf(stream, state.text, share, turn++, { seconds: (now - began.at) / 1000, done: began.done })}`);
  };
  const progress: Progress = {
    show(text, share) {
      if (text !== began.text) began = { text, at: clock.now(), done: typeof share === 'object' ? share.done : 0 };
      state = { text, share };
      if (stop === null) {
        stop = clock.every(PACE, draw);
        process.on('exit', progress.clear);
        standing = progress;
      }
      draw();
    },
    clear() {
      if (stop === null) return;
      stop();
      stop = null;
      state = null;
      process.off('exit', progress.clear);
      if (standing === progress) standing = null;
      if (drawn > Number.NEGATIVE_INFINITY) stream.write(`\r${' '.repeat(roomOf(stream))}\r`);
      drawn = Number.NEGATIVE_INFINITY;
    },
  };
  return progress;
}

/** Shows on standard error what is being done while it is done, if that takes long. */
export async function during<Result>(text: string, work: (progress: Progress) => Promise<Result>): Promise<Result> {
  const progress = openProgress(process.stderr);
  try {
    progress.show(text);
    return await work(progress);
  } finally {
    progress.clear();
  }
}

/** Columns that are written: a letter in the last one would begin a new line. */
const roomOf = (stream: NodeJS.WriteStream): number => Math.max(20, stream.columns || 80) - 1;

function lineOf(
  stream: NodeJS.WriteStream,
  text: string,
  share: Share | undefined,
  turn: number,
  since: { readonly seconds: number; readonly done: number },
): string {
  const terminal = terminalOf(stream);
  const ink = createInk(terminal);
  const room = roomOf(stream);
  const turning = terminal.unicode ? TURNING.unicode : TURNING.ascii;
  const sign = turning[turn % turning.length] as string;
  const said = clean(text);
  if (share === undefined || share.total <= 0) return `${ink.paint(sign, 'title')} ${fit(ink, said, room - 2)}`;
  const { done, total, unit } = share;
  const part = Math.min(1, Math.max(0, done / total));
  const parts = [said, `${Math.floor(part * 100)} %`, `${done} of ${total} ${unit}`, ...paceOf(share, since)];
  const words = parts.filter((_, index) => index < 2 || widthOf(parts.slice(0, index + 1).join('  ')) <= room - BAR_WIDTH - 4);
  const line = words.slice(1).join('  ');
  const bar = widthOf(`${said}  ${line}`) <= room - BAR_WIDTH - 4 ? `${barOf(ink, part)}  ` : '';
  const left = room - 2 - (bar === '' ? 0 : BAR_WIDTH + 2);
  return `${ink.paint(sign, 'title')} ${bar}${fit(ink, `${said}  ${line}`, left)}`;
}

/** How fast it goes and how long it still takes; nothing before that is known. */
function paceOf({ done, total, unit }: Share, { seconds, done: before }: { readonly seconds: number; readonly done: number }): string[] {
  const made = done - before;
  if (made <= 0 || seconds * 1000 < MEASURED || unit === 's') return [];
  const rate = made / seconds;
  const shown = rate >= 10 ? String(Math.round(rate)) : rate.toFixed(1);
  return [`${shown} ${unit}/s`, ...(done < total ? [`${encodeDuration(Math.ceil((total - done) / rate))} left`] : [])];
}

function barOf(ink: ReturnType<typeof createInk>, part: number): string {
  const filled = Math.round(part * BAR_WIDTH);
  const [full, empty] = ink.unicode ? (['━', '─'] as const) : (['#', '-'] as const);
  return ink.paint(full.repeat(filled), 'calm') + ink.paint(empty.repeat(BAR_WIDTH - filled), 'dim');
}
