import { openHost } from '@hecate/host';
import { expect, test } from 'vitest';
import { createHub } from './hub.ts';
import type { Frame } from './hub.ts';

test('the end in the middle of a tick: who is still there gets it, who went does not, and then it is over', async () => {
  const errors: unknown[] = [];
  const hub = createHub({ host: openHost(), interval: 0.1, onError: (error) => void errors.push(error) });
  const ending = new AbortController();
  const got: [string, Frame][] = [];
  let stopSecond = (): void => undefined;
  hub.subscribe((frame) => {
    got.push(['first', frame]);
    stopSecond();
    ending.abort();
    // Longer than a listener may hold the others up: the next one has a turn of its own.
    for (const end = performance.now() + 5; performance.now() < end;);
    throw new Error('of a listener');
  });
  stopSecond = hub.subscribe((frame) => void got.push(['second', frame]));
  hub.subscribe((frame) => {
    got.push(['third', frame]);
    // Who comes now has the frame from `latest`, and is called from the next one on.
    hub.subscribe((later) => void got.push(['fourth', later]));
  });
  await hub.run(ending.signal);
  expect(got).toEqual([
    ['first', hub.latest],
    ['third', hub.latest],
  ]);
  expect(hub.samples).toBe(1);
  expect(errors).toMatchObject([{ message: 'of a listener' }]);
});

test('ticks follow each other: one that is slow to be told is told whole before the next one', async () => {
  const hub = createHub({ host: openHost(), interval: 0.1, onError: (error) => expect(error).toBeNull() });
  const ending = new AbortController();
  const order: string[] = [];
  for (const name of ['a', 'b', 'c']) {
    hub.subscribe(() => {
      for (const end = performance.now() + 40; performance.now() < end;);
      order.push(`${hub.samples}${name}`);
      if (hub.samples === 3) ending.abort();
    });
  }
  await hub.run(ending.signal);
  expect(order).toEqual(['1a', '1b', '1c', '2a', '2b', '2c', '3a', '3b', '3c']);
});
