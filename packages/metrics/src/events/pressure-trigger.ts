import { HecateError } from '@hecate/host';
import { PRESSURE_RESOURCES } from '../domain/pressure.ts';
import type { PressureResource } from '../domain/pressure.ts';

/** How much waiting for a resource makes an event (kernel: Documentation/accounting/psi.rst, "Monitoring for pressure thresholds"). */
export interface PressureTrigger {
  readonly resource: PressureResource;
  /** `some`: at least one task waited; `full`: all did. The kernel has no `full` for cpu of the whole machine, and no `some` for irq. */
  readonly stall: 'some' | 'full';
  /** Seconds of waiting, more than 0, at most the window. */
  readonly threshold: number;
  /** Seconds within which they fall, 0.5 to 10. There is at most one event a window. */
  readonly window: number;
  /** Path of a control group as /proc/PID/cgroup names it (`/system.slice/web.service`), v2 or v1; without it the whole machine. */
  readonly cgroup?: string;
}

/** What the kernel takes for a window (WINDOW_MIN_US, WINDOW_MAX_US of kernel/sched/psi.c). */
const LEAST_WINDOW = 0.5;
const MOST_WINDOW = 10;

/** What is watched when pressure is named without saying how much. Windows of 2 s are those that anyone may ask for. */
export const DEFAULT_PRESSURE_TRIGGERS: readonly PressureTrigger[] = [
  { resource: 'cpu', stall: 'some', threshold: 1, window: 2 },
  { resource: 'io', stall: 'some', threshold: 0.4, window: 2 },
  { resource: 'memory', stall: 'some', threshold: 0.2, window: 2 },
];

const HINT = 'Write it as memory=some:150ms/2s: 150 ms of waiting within 2 s; @/GROUP after it names a control group.';

function invalid(sentence: string): HecateError {
  return new HecateError('INVALID', sentence, { hint: HINT });
}

const SCALE: Readonly<Record<string, number>> = { us: 1e-6, ms: 1e-3, s: 1 };

function parseSeconds(number: string, unit: string): number {
  return Number(number) * (SCALE[unit] ?? Number.NaN);
}

const SHAPE = /^(\w+)=(\w+):(\d{1,9}(?:\.\d{1,6})?)(us|ms|s)\/(\d{1,9}(?:\.\d{1,6})?)(us|ms|s)(?:@(\/[^\n\0]*))?$/;

/** Reads `memory=some:150ms/2s` or `io=full:1s/2s@/system.slice`. Throws INVALID. */
export function parsePressureTrigger(text: string): PressureTrigger {
  const match = SHAPE.exec(text.trim());
  if (!match) throw invalid(`The pressure ${JSON.stringify(text)} is not understood.`);
  const [, resource, stall, threshold, thresholdUnit, window, windowUnit, cgroup] = match as unknown as string[];
  const trigger = {
    resource: resource as PressureResource,
    stall: stall as 'some' | 'full',
    threshold: parseSeconds(threshold!, thresholdUnit!),
    window: parseSeconds(window!, windowUnit!),
    ...(cgroup === undefined ? {} : { cgroup }),
  };
  checkPressureTrigger(trigger);
  return trigger;
}

/** Throws INVALID when no kernel could watch this. */
export function checkPressureTrigger({ resource, stall, threshold, window, cgroup }: PressureTrigger): void {
  if (!PRESSURE_RESOURCES.includes(resource)) {
    throw invalid(`There is no pressure of ${JSON.stringify(resource)}; choose from ${PRESSURE_RESOURCES.join(', ')}.`);
  }
  if (stall !== 'some' && stall !== 'full') throw invalid(`There is no stall ${JSON.stringify(stall)}; choose from some, full.`);
  if (resource === 'irq' && stall === 'some') throw invalid('The kernel counts irq only as full.');
  if (resource === 'cpu' && stall === 'full' && cgroup === undefined) {
    throw invalid('All tasks of a machine never wait for its processors at once: cpu=full is known of a control group only.');
  }
  if (!(window >= LEAST_WINDOW && window <= MOST_WINDOW)) throw invalid(`A window is ${LEAST_WINDOW} to ${MOST_WINDOW} s long.`);
  if (!(threshold > 0 && threshold <= window)) throw invalid('A threshold is more than 0 s, and at most as long as its window.');
  if (cgroup !== undefined && (!cgroup.startsWith('/') || cgroup.split('/').includes('..'))) {
    throw invalid('A control group is named by its path from the root of its hierarchy, as in /proc/PID/cgroup.');
  }
}

/** Finds threshold crossings in readings of `total=`, as a kernel's trigger would: at most one a window. */
export interface StallWatch {
  /** Takes a reading (seconds of waiting since boot) at a time of a clock that never steps. True when the threshold was crossed. */
  read(total: number, time: number): boolean;
}

/** A watch for where the kernel refuses a trigger. It looks back over a window, or over one step where steps are longer. */
export function createStallWatch({ threshold, window }: Pick<PressureTrigger, 'threshold' | 'window'>): StallWatch {
  let readings: { readonly total: number; readonly time: number }[] = [];
  return {
    read(total, time) {
      const last = readings.at(-1);
      // A counter that went back belongs to another group of the same name.
      if (last && total < last.total) readings = [];
      readings.push({ total, time });
      // One reading at or before the start of the window stays: growth is measured from there.
      while (readings.length > 2 && readings[1]!.time <= time - window) readings.shift();
      const first = readings[0]!;
      const elapsed = time - first.time;
      // A longer stretch than the window has to hold more waiting.
      if (elapsed <= 0 || total - first.total < threshold * Math.max(1, elapsed / window)) return false;
      readings = [{ total, time }];
      return true;
    },
  };
}
