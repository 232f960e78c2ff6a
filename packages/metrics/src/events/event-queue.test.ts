import { expect, test } from 'vitest';
import { createEventQueue } from './event-queue.ts';

const create = (limit: number): ReturnType<typeof createEventQueue<string>> => createEventQueue<string>(limit, (count) => `lost ${count}`);

test('items come in order, waited for or not', async () => {
  const queue = create(10);
  const first = queue.take();
  const second = queue.take();
  for (const item of ['a', 'b', 'c', 'd']) queue.push(item);
  expect(await Promise.all([first, second, queue.take(), queue.take()])).toEqual(['a', 'b', 'c', 'd']);
});

test('what does not fit is counted where it would have stood', async () => {
  const queue = create(2);
  for (const item of ['a', 'b', 'c', 'd']) queue.push(item);
  expect(await queue.take()).toBe('a');
  queue.push('e');
  queue.push('f');
  expect([await queue.take(), await queue.take(), await queue.take(), await queue.take()]).toEqual(['b', 'lost 2', 'e', 'lost 1']);
});

test('a long queue is emptied and filled again and again', async () => {
  const queue = create(100);
  const taken: (string | null)[] = [];
  for (let round = 0; round < 50; round++) {
    for (let item = 0; item < 30; item++) queue.push(`${round} ${item}`);
    for (let item = 0; item < 30; item++) taken.push(await queue.take());
  }
  expect(taken).toEqual(Array.from({ length: 1500 }, (_, index) => `${Math.floor(index / 30)} ${index % 30}`));
});

test('the end drops what is inside; finishing does not', async () => {
  const finished = create(10);
  finished.push('a');
  finished.finish();
  finished.push('too late');
  expect([await finished.take(), await finished.take()]).toEqual(['a', null]);
  const ended = create(1);
  ended.push('a');
  ended.push('b');
  ended.end();
  expect(await ended.take()).toBeNull();
  const waiting = create(1);
  const taken = waiting.take();
  waiting.end();
  expect(await taken).toBeNull();
});
