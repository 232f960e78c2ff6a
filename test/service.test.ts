import { spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { run, temporary } from './cli.testing.ts';

test('print shows what install would write', async () => {
  const { status, stdout } = await run(['service', 'print', '--port', '9300', '--tune', 'auto']);
  expect(status).toBe(0);
  expect(stdout).toMatch(/^ExecStart=:\S+ \S+hecate\.cjs serve --port 9300 --tune auto$/m);
  expect(stdout).not.toContain('DynamicUser');
  const json = await run(['service', 'print', '--format', 'json']);
  expect(JSON.parse(json.stdout)).toMatchObject({ path: expect.stringMatching(/hecate/), text: expect.stringContaining('serve') });
});

const booted = spawnSync('systemctl', ['is-system-running']).status === 0;

test.skipIf(booted)('without a service there is nothing to take away', async () => {
  const status = await run(['service']);
  expect(status.stdout).toContain('not installed');
  expect(status.status).toBe(0);
  const gone = await run(['service', 'uninstall', '--state-dir', temporary('state')]);
  if (process.getuid?.() === 0) expect(gone.stdout).toContain('Nothing to do');
  else expect(gone).toMatchObject({ status: 5, stderr: expect.stringContaining('Only root') });
});

test.skipIf(booted || process.getuid?.() !== 0)('where it cannot be, nothing is changed', async () => {
  const state = temporary('state');
  const none = await run(['service', 'install', '--port', '9299', '--tune', 'off', '--state-dir', state]);
  expect(none.stderr).toMatch(/systemd does not run|may not enter|lies under/);
  expect(none.status).not.toBe(0);
  const taken = createServer();
  await new Promise<void>((resolve) => {
    taken.listen(0, '127.0.0.1', resolve);
  });
  const { port } = taken.address() as AddressInfo;
  const refused = await run(['service', 'install', '--port', String(port), '--tune', 'auto', '--state-dir', state]);
  expect(refused.stderr).toMatch(/is taken|lies under/);
  taken.close();
  expect((await run(['changes', 'list', '--state-dir', state])).stdout).toMatch(/nothing|no change/i);
});
