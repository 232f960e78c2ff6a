import type { DailyPattern, Heatmap, HourBlock } from './analysis.ts';
import type { ColumnUnit } from '../record/columns.ts';
import { encodeValue } from './unit.ts';

/** Hours differ only when the busiest is this much above the quietest, as a share of the quietest or of the whole scale. */
const FLAT_SHARE = 0.15;
const FLAT_POINTS = 3;

const hourName = (hour: number): string => `${String(hour % 24).padStart(2, '0')}:00`;

/** Hours of the day in words: neighbours joined, around midnight too. */
export function encodeHours(hours: readonly number[]): string {
  if (hours.length === 0) return '';
  return `${hourName(hours[0] as number)} to ${hourName((hours.at(-1) as number) + 1)}`;
}

/** The run of neighbouring hours around `peak` that `belongs`; a day is a circle. */
function around(peak: number, belongs: (hour: number) => boolean): number[] {
  const hours = [peak];
  while (hours.length < 24 && belongs(((hours[0] as number) + 23) % 24)) hours.unshift(((hours[0] as number) + 23) % 24);
  while (hours.length < 24 && belongs(((hours.at(-1) as number) + 1) % 24)) hours.push(((hours.at(-1) as number) + 1) % 24);
  return hours;
}

/** The mean of some days of the week (0 is Monday), by count; null without a value. */
function meanOfDays({ mean, count }: Heatmap, days: readonly number[]): number | null {
  let sum = 0;
  let all = 0;
  for (const day of days) {
    for (let hour = 0; hour < 24; hour += 1) {
      const known = count[day]?.[hour] ?? 0;
      sum += known * (mean[day]?.[hour] ?? 0);
      all += known;
    }
  }
  return all > 0 ? sum / all : null;
}

/** When a metric is high and low: hours of the day, and weekdays against the weekend. */
export function readDailyPattern(metric: string, unit: ColumnUnit, blocks: readonly HourBlock[], heatmap: Heatmap): DailyPattern {
  const weekdayMean = meanOfDays(heatmap, [0, 1, 2, 3, 4]);
  const weekendMean = meanOfDays(heatmap, [5, 6]);
  const known = blocks.filter((block): block is HourBlock & { mean: number } => block.mean !== null);
  const none = { metric, busiestHours: [], quietestHours: [], weekdayMean, weekendMean };
  if (known.length < 3) {
    return {
      ...none,
      text: `Only ${known.length === 1 ? 'one' : 'two'} of the 24 hours of the day ${known.length === 1 ? 'has' : 'have'} rows: too few for a daily pattern.`,
    };
  }
  const top = known.reduce((most, block) => (block.mean > most.mean ? block : most));
  const bottom = known.reduce((least, block) => (block.mean < least.mean ? block : least));
  const width = top.mean - bottom.mean;
  const show = (value: number): string => encodeValue(value, unit);
  const flat = unit === 'percent' ? width < FLAT_POINTS : width <= Math.abs(bottom.mean) * FLAT_SHARE;
  const week = compareWeek(weekdayMean, weekendMean, unit);
  if (flat)
    return { ...none, text: `${metric} hardly changes with the hour of the day (${show(bottom.mean)} to ${show(top.mean)}).${week}` };
  const meanOf = (hour: number): number | null => blocks[hour]?.mean ?? null;
  const busiestHours = around(top.hour, (hour) => (meanOf(hour) ?? Number.NEGATIVE_INFINITY) >= top.mean - width / 4);
  const quietestHours = around(bottom.hour, (hour) => (meanOf(hour) ?? Number.POSITIVE_INFINITY) <= bottom.mean + width / 4);
  const text = `${metric} is highest from ${encodeHours(busiestHours)} (${show(top.mean)} in the hour from ${hourName(top.hour)}) and lowest from ${encodeHours(quietestHours)} (${show(bottom.mean)} from ${hourName(bottom.hour)}).${week}`;
  return { metric, busiestHours, quietestHours, weekdayMean, weekendMean, text };
}

function compareWeek(weekday: number | null, weekend: number | null, unit: ColumnUnit): string {
  if (weekday === null || weekend === null) return '';
  const show = (value: number): string => encodeValue(value, unit);
  const width = Math.abs(weekday - weekend);
  const same = unit === 'percent' ? width < FLAT_POINTS : width <= Math.min(Math.abs(weekday), Math.abs(weekend)) * FLAT_SHARE;
  if (same) return ` Weekdays and the weekend are alike (${show(weekday)} and ${show(weekend)}).`;
  return weekday > weekend
    ? ` Weekdays are busier than the weekend (${show(weekday)} against ${show(weekend)}).`
    : ` The weekend is busier than weekdays (${show(weekend)} against ${show(weekday)}).`;
}
