import { expect, test } from 'vitest';
import { answering, refusalOf } from './fixture.testing.ts';
import { readNotifyState } from './notifyutil.ts';

const NAME = 'com.example.level';

test.each(['', NAME, `${NAME} two`, `${NAME} -1`, `${NAME} 1 2`, 'com.example.other 1', `${NAME}: 1`])('refuses %j', async (stdout) => {
  const { host } = answering({ stdout });
  expect((await refusalOf(() => readNotifyState(host, NAME))).code).toBe('FAILED');
});

test('the state of a name', async () => {
  const { host, asked } = answering({ stdout: `${NAME} 3\n` });
  expect(await readNotifyState(host, NAME)).toBe(3);
  expect(asked).toEqual([['/usr/bin/notifyutil', '-g', NAME]]);
});
