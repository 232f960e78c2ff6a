import { expect, test } from 'vitest';
import { createFleetingQueue } from './fleeting-queue.ts';

test('the newest stay, and what is released while others come takes none of them along', () => {
  const queue = createFleetingQueue(3);
  expect(queue.peek(1, 1)).toBeNull();
  for (const text of ['a', 'b']) queue.push(Buffer.from(text));
  const batch = queue.peek(100, 100)!;
  expect(batch.records.map(String)).toEqual(['a', 'b']);
  for (const text of ['c', 'd', 'e']) queue.push(Buffer.from(text));
  queue.release(batch);
  expect(queue.peek(100, 100)!.records.map(String)).toEqual(['c', 'd', 'e']);
  expect(queue.status).toEqual({ records: 3, bytes: 3, dropped: 2, damaged: 0, error: null });
  const large = Buffer.alloc(700_000);
  for (let index = 0; index < 3; index++) queue.push(large);
  expect(queue.status).toMatchObject({ records: 1, bytes: 700_000 });
});
