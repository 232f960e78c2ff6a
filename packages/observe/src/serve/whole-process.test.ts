import { expect, test } from 'vitest';
import { openHost } from '@hecate/host';
import { openWholeProcesses } from './whole-process.ts';

test('of a Mac it does not say that a process is gone', async () => {
  const processes = openWholeProcesses({ ...openHost(), platform: 'darwin' });
  await expect(processes.read({ pid: process.pid, startedAfterBoot: 1 })).rejects.toMatchObject({
    code: 'UNSUPPORTED',
    message: 'Of macOS, the list has all that is known of single processes.',
  });
  processes.close();
});

test.skipIf(process.platform !== 'linux')('a process that started at another time is gone', async () => {
  const processes = openWholeProcesses(openHost());
  expect(await processes.read({ pid: process.pid, startedAfterBoot: -1000 })).toBeNull();
  processes.close();
});
