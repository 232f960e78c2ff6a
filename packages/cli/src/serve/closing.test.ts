import { expect, test } from 'vitest';
import { createClosing } from './closing.ts';

test('the last one first; one that fails keeps none from being closed', async () => {
  const closing = createClosing();
  const closed: string[] = [];
  const errors: unknown[] = [];
  closing.add(() => void closed.push('recording'));
  closing.add(() => {
    throw new Error('broken');
  });
  closing.add(async () => {
    await Promise.resolve();
    closed.push('server');
  });
  await closing.all((error) => errors.push(error));
  expect(closed).toEqual(['server', 'recording']);
  expect(errors).toEqual([new Error('broken')]);
  await closing.all((error) => errors.push(error));
  expect(closed).toHaveLength(2);
});
