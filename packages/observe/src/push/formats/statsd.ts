import type { PushFormat } from '../format.ts';
import { pathValues } from '../metric-path.ts';

/** A number without an exponent, which StatsD does not read. */
export function plainNumber(value: number): string {
  const text = String(value);
  if (!text.includes('e')) return text;
  return Math.abs(value) < 1 ? value.toFixed(20).replace(/\.?0+$/, '') : BigInt(value).toString();
}

/**
 * StatsD gauges. Counters since boot mean nothing to it, and how much one grew since the last sample is lost with a datagram: what is
 * sent of them is their rates. A gauge with a sign is a difference for StatsD, so one below 0 is set to 0 first.
 */
export const statsd: PushFormat = {
  headers: { 'Content-Type': 'text/plain; charset=utf-8' },
  lines: true,
  timeless: true,
  encode(input) {
    let text = '';
    for (const { path, value } of pathValues(input, { sends: ({ kind }) => kind !== 'counter', rates: true })) {
      const number = plainNumber(value);
      text += number.startsWith('-') ? `${path}:0|g\n${path}:${number}|g\n` : `${path}:${number}|g\n`;
    }
    return Buffer.from(text);
  },
  join: (chunks) => chunks.at(-1)!,
};
