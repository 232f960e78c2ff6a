import { setTimeout as wait } from 'node:timers/promises';
import { HecateError } from '@hecate/host';
import type { Finished, Host } from '@hecate/host';
import type { Direction } from './judgement.ts';

/** A program that stands for what the machine is used for, and what is measured of it. */
export interface Workload {
  readonly argv: readonly [string, ...string[]];
  /** Default: the seconds from its start to its end. */
  readonly metric?: PrintedMetric;
  /** Seconds after which it is killed, and the measurement given up. Default 600. */
  readonly timeout?: number;
}

/** A number that the workload prints. */
export interface PrintedMetric {
  /**
   * A regular expression, searched for in its standard output, and in its standard error when it is not there. The last place where it
   * matches counts, and there its first group, or all of it when it has none.
   */
  readonly pattern: string;
  readonly better: Direction;
}

/** Seconds that a workload may run. */
export const timeoutOf = ({ timeout = 600 }: Workload): number => timeout;

/** Whether more or less of the metric is good: of time it is less. */
export const directionOf = ({ metric }: Workload): Direction => metric?.better ?? 'lower';

/** What a value is, for people: `seconds`, or the pattern. */
export const metricName = ({ metric }: Workload): string => (metric ? `/${metric.pattern}/` : 'seconds');

/** Throws INVALID for a workload that cannot be measured: an empty command, a pattern that is none, a timeout that is none. */
export function checkWorkload(workload: Workload): void {
  if (!workload.argv[0]?.trim()) throw new HecateError('INVALID', 'The workload has no command.');
  if (!(timeoutOf(workload) > 0)) throw new HecateError('INVALID', `A workload cannot run for ${timeoutOf(workload)} seconds.`);
  if (workload.metric) compile(workload.metric);
}

function compile({ pattern }: PrintedMetric): RegExp {
  try {
    return new RegExp(pattern, 'gmu');
  } catch (error) {
    throw new HecateError('INVALID', `The metric ${JSON.stringify(pattern)} is no regular expression.`, {
      hint: 'Write the number as a group: score: ([0-9.]+)',
      cause: error,
    });
  }
}

/**
 * Runs the workload once and measures it. The time includes the start of the program, some milliseconds, which is the same on both sides.
 * Rejects with UNAVAILABLE or DENIED when it cannot be started, FAILED when it fails, is killed or takes too long, INVALID when it
 * prints no number, and with the signal's reason.
 */
export async function measure(host: Host, workload: Workload, signal?: AbortSignal): Promise<number> {
  const began = host.clock.monotonic();
  const finished = await runOnce(host, workload, signal);
  const seconds = host.clock.monotonic() - began;
  if (finished.status !== 0) throw failureOf(workload, finished);
  return workload.metric ? readMetric(workload.metric, finished) : seconds;
}

async function runOnce(host: Host, workload: Workload, signal: AbortSignal | undefined): Promise<Finished> {
  const timeout = timeoutOf(workload);
  const settled = new AbortController();
  // A child that left the group of its program can hold its outputs open; nobody waits for it.
  const tooLong = wait(timeout * 1000 + 1000, undefined, { signal: settled.signal, ref: false }).then(() => {
    throw new HecateError('FAILED', `${workload.argv[0]} did not end within ${timeout} s.`);
  });
  try {
    return await Promise.race([host.run(workload.argv, { timeout, group: true, ...(signal ? { signal } : {}) }), tooLong]);
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    // The timer that is called off says so; that is no news.
    tooLong.catch(() => undefined);
    settled.abort();
  }
}

function failureOf({ argv }: Workload, { status, signal, stderr }: Finished): HecateError {
  const last = stderr.trim().split('\n').at(-1);
  return new HecateError('FAILED', `${argv[0]} ${signal ? `was ended by ${signal}` : `ended with status ${status}`}.`, {
    hint: last ? `It said: ${last}` : 'Only a workload that succeeds can be compared.',
  });
}

/** The number in what a workload printed. Throws INVALID when it is not there, is no number, or not above 0. */
export function readMetric(metric: PrintedMetric, { stdout, stderr }: Pick<Finished, 'stdout' | 'stderr'>): number {
  const pattern = compile(metric);
  const match = [...stdout.matchAll(pattern)].at(-1) ?? [...stderr.matchAll(pattern)].at(-1);
  if (!match) throw new HecateError('INVALID', `The workload printed nothing that matches ${metricName({ argv: [''], metric })}.`);
  const text = (match[1] ?? match[0]).trim();
  const value = Number(text);
  if (text === '' || !Number.isFinite(value))
    throw new HecateError('INVALID', `The workload's metric ${JSON.stringify(text)} is no number.`);
  if (value <= 0) {
    throw new HecateError('INVALID', `The workload's metric is ${value}: only numbers above 0 can be compared as ratios.`);
  }
  return value;
}
