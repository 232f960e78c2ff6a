import { HecateError } from '@hecate/host';
import { dayOf } from '../../day/day-file.ts';
import { JSON_TYPE } from '../route.ts';
import type { Route } from '../route.ts';

/** Days that are reported on by default, today included. */
const USUAL = 7;
const DAY = { type: 'string', format: 'date' };

/** A day of the wall clock here, `days` before today. */
function dayBefore(days: number): string {
  const now = new Date();
  return dayOf(new Date(now.getFullYear(), now.getMonth(), now.getDate() - days).getTime() / 1000);
}

/** A day of the query. Throws INVALID for anything else: it becomes an argument of a program. */
function dayIn(query: URLSearchParams, name: string, fallback: string): string {
  const text = query.get(name) ?? fallback;
  const time = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  // A parser may take the 30th of February for the 2nd of March.
  const isDay = Number.isFinite(time) && new Date(time).toISOString().startsWith(text);
  if (!isDay) throw new HecateError('INVALID', `${name} must be a day, as 2026-11-21, not ${JSON.stringify(text)}.`);
  return text;
}

/** What the recorded days say. */
export const ANALYSIS: Route = {
  method: 'GET',
  path: '/api/v1/analysis',
  scope: 'read',
  summary: 'The report of `hecate analyze` about the recorded days, as JSON. It takes seconds; the answer is kept for a minute.',
  parameters: [
    { name: 'start', help: 'first day; six days before today by default', schema: DAY },
    { name: 'end', help: 'last day; today by default', schema: DAY },
  ],
  gives: { 'application/json': { type: 'object', description: 'What `hecate analyze --format json` prints.' } },
  answer: async ({ reports }, { query }) => {
    const start = dayIn(query, 'start', dayBefore(USUAL - 1));
    const end = dayIn(query, 'end', dayBefore(0));
    if (start > end) throw new HecateError('INVALID', 'start lies after end.', { hint: 'Give the first day as start.' });
    if (!reports)
      throw new HecateError('UNAVAILABLE', 'This daemon has no recorded days.', {
        hint: 'It shows a recorded machine, or does not record.',
      });
    return { type: JSON_TYPE, body: await reports(start, end) };
  },
};
