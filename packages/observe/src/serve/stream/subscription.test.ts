import fc from 'fast-check';
import { expect, test } from 'vitest';
import { subscriptionOf, subscriptionOfQuery, TICKS_ONLY } from './subscription.ts';

const invalid = (message: string): unknown => expect.objectContaining({ code: 'INVALID', message: expect.stringContaining(message) });

test('what is not said is as it is for who says nothing; ids are sorted, each once', () => {
  expect(subscriptionOf({ type: 'subscribe' })).toEqual(TICKS_ONLY);
  expect(subscriptionOf({ type: 'subscribe', series: ['b', 'a', 'b'], every: 10, processes: true, events: true, alerts: true })).toEqual({
    series: ['a', 'b'],
    every: 10,
    processes: true,
    events: true,
    alerts: true,
  });
  expect(subscriptionOf({ type: 'subscribe', series: null, every: null, processes: null })).toEqual(TICKS_ONLY);
  const query = (text: string): unknown => subscriptionOfQuery(new URLSearchParams(text), { ...TICKS_ONLY, events: true });
  expect(query('')).toEqual({ ...TICKS_ONLY, events: true });
  expect(query('series=b,a,,a&every=0.5&events=0&alerts=1')).toEqual({ ...TICKS_ONLY, series: ['a', 'b'], every: 0.5, alerts: true });
  expect(query('series=')).toEqual({ ...TICKS_ONLY, series: [], events: true });
});

test.each([
  [null, 'Only subscribe'],
  [[], 'Only subscribe'],
  [{ type: 'kill' }, 'Only subscribe'],
  [{ type: 'subscribe', series: 'load1' }, 'series must be a list'],
  [{ type: 'subscribe', series: [1] }, 'series must be a list'],
  [{ type: 'subscribe', series: Array.from({ length: 513 }, String) }, '512 ids'],
  [{ type: 'subscribe', every: '1' }, 'every must be'],
  [{ type: 'subscribe', every: -1 }, 'every must be'],
  [{ type: 'subscribe', evry: 1 }, 'and nothing else'],
  [{ type: 'subscribe', every: 1e9 }, 'every must be'],
  [{ type: 'subscribe', processes: 'yes' }, 'processes must be true or false'],
])('%j is refused', (message, sentence) => expect(() => subscriptionOf(message)).toThrow(invalid(sentence)));

test.each(['every=', 'every=x', 'every=-1', 'every=NaN', 'events=true', 'alerts=2', 'processes='])('?%s is refused', (text) =>
  expect(() => subscriptionOfQuery(new URLSearchParams(text), TICKS_ONLY)).toThrow(expect.objectContaining({ code: 'INVALID' })),
);

test('any message is understood or refused in a sentence that fits into a close frame', () => {
  fc.assert(
    fc.property(
      fc.record({ type: fc.constantFrom('subscribe', 'x'), series: fc.anything(), every: fc.anything(), events: fc.anything() }),
      (message) => {
        try {
          const { every, series } = subscriptionOf(message);
          expect(every >= 0 && (series === null || Array.isArray(series))).toBe(true);
        } catch (error) {
          expect(error).toMatchObject({ code: 'INVALID' });
          expect(Buffer.byteLength((error as Error).message)).toBeLessThanOrEqual(123);
        }
      },
    ),
  );
});
