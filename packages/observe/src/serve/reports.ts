import { HecateError } from '@hecate/host';
import type { Host } from '@hecate/host';

/** Makes the report of `hecate analyze` about the recorded days from `start` to `end` (`2026-11-21`): its JSON as it was printed. */
export type Reports = (start: string, end: string) => Promise<string>;

/** What reports are made with. */
export interface ReportParts {
  /** Starts programs. */
  readonly run: Host['run'];
  /** This program: what its command and options are put after. */
  readonly program: readonly [string, ...string[]];
  /** The day files. */
  readonly dataDir: string;
}

/** Seconds that a report may take; a year of a busy machine takes about forty. */
const LONGEST = 120;
/** Bytes that a report may have. A year has about one million. */
const MOST_BYTES = 8 << 20;
/** Milliseconds that a report is kept: who looks at the page again does not start the reading again. */
const KEPT = 60_000;

/** The sentence of a program of ours that failed: its error in JSON, or the first line where it did not come so far. */
function complaintOf(stderr: string): string {
  const lines = stderr.split('\n');
  const report = lines.findLast((line) => /^\{"error":.*\}$/.test(line));
  if (report !== undefined) return (JSON.parse(report) as { readonly error: { readonly message: string } }).error.message;
  return lines[0]!.replace(/^hecate: /, '').trim() || 'The report could not be made.';
}

/**
 * Reports are made by a process of their own: reading a month takes seconds of CPU and 54 MB, and the sampler shall feel neither.
 * One at a time. Rejects with CONFLICT while another is being made, UNAVAILABLE with the program's own sentence when there is nothing to report.
 */
export function createReports({ run, program, dataDir }: ReportParts): Reports {
  let current: { readonly period: string; readonly text: Promise<string> } | null = null;
  let isRunning = false;

  const make = async (start: string, end: string): Promise<string> => {
    const options = ['analyze', '--format', 'json', '--data-dir', dataDir, '--start-date', start, '--end-date', end];
    const { status, stdout, stderr } = await run([...program, ...options], { timeout: LONGEST, maxBytes: MOST_BYTES });
    if (status !== 0) throw new HecateError('UNAVAILABLE', complaintOf(stderr));
    return stdout;
  };

  return (start, end) => {
    const period = `${start} ${end}`;
    if (current?.period === period) return current.text;
    if (isRunning) {
      return Promise.reject(new HecateError('CONFLICT', 'Another report is being made.', { hint: 'Ask again in some seconds.' }));
    }
    isRunning = true;
    const mine = { period, text: make(start, end) };
    current = mine;
    const forget = (): void => {
      if (current === mine) current = null;
    };
    mine.text.then(
      () => {
        isRunning = false;
        setTimeout(forget, KEPT).unref();
      },
      () => {
        isRunning = false;
        forget();
      },
    );
    return mine.text;
  };
}
