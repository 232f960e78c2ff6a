import { HecateError } from '@hecate/host';
import type { Fan, FanControl } from './fan-driver.ts';

/** How fast a fan shall turn. */
export type FanSpeed = { readonly duty: number } | { readonly rpm: number };

/** The most turns a minute that any fan is asked for. */
const MOST_RPM = 50_000;

/** A speed that a user typed: `40%`, `1200rpm`, `1200`. Throws INVALID, also for a number that could be both. */
export function parseSpeed(text: string): FanSpeed {
  const [, number, unit] = /^(\d{1,5}(?:\.\d{1,3})?)\s?(%|rpm)?$/i.exec(text.trim()) ?? [];
  const value = Number(number);
  if (number === undefined) return refuse(text, 'is no speed of a fan');
  if (unit === '%') return value > 100 ? refuse(text, 'is more than all') : { duty: value / 100 };
  if (unit === undefined && value <= 100) return refuse(text, 'may be a share or turns a minute');
  return value > MOST_RPM ? refuse(text, 'is faster than any fan') : { rpm: value };
}

function refuse(text: string, why: string): never {
  throw new HecateError('INVALID', `${JSON.stringify(text)} ${why}.`, { hint: 'Write it as 40% or as 1200rpm.' });
}

/** A level inside of what the fan allows, and whether it is another than was asked for. */
export interface ClampedLevel {
  readonly level: number;
  readonly isOther: boolean;
}

/**
 * Brings a level into the fan's own bounds. Throws INVALID for standing still where that was not allowed, UNSUPPORTED where the fan does
 * not say that it may.
 */
export function clampLevel(wanted: number, { least, most, mayStop }: FanControl, allowStop: boolean): ClampedLevel {
  if (wanted <= 0) {
    if (!allowStop) {
      throw new HecateError('INVALID', 'A fan that stands still cools nothing.', {
        hint: 'If that is meant, say --allow-stop; it holds for fans of which the chip says that they may stop.',
      });
    }
    if (!mayStop) {
      throw new HecateError('UNSUPPORTED', 'The chip of this fan does not say that it may stand still.', {
        hint: 'Some fans do not start again by themselves. Give it its least speed instead.',
      });
    }
    return { level: 0, isOther: false };
  }
  const level = Math.min(most, Math.max(least, wanted));
  return { level, isOther: Math.abs(level - wanted) > 1e-9 };
}

/** The share of a level between standing still and its most, in whole percent: what people read. */
export const percentOf = (level: number, { unit, most }: FanControl): number =>
  Math.round((unit === 'duty' ? level : level / Math.max(1, most)) * 100);

/** A level of a share of full power. */
export const levelOfDuty = (duty: number, { unit, most }: FanControl): number => (unit === 'duty' ? duty : duty * most);

/** Turns a minute inside of what the chip says about the fan. */
export const clampRpm = (rpm: number, { leastRpm, mostRpm }: Pick<Fan, 'leastRpm' | 'mostRpm'>): number =>
  Math.min(mostRpm ?? Infinity, Math.max(leastRpm ?? 0, rpm));
