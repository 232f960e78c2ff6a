import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { openHost } from '@hecate/host';
import { afterEach, describe, expect, test } from 'vitest';
import { parsePressureTrigger } from '../../events/pressure-trigger.ts';
import { createPressureCgroup } from './own-cgroup.testing.ts';
import { startWatching } from './watching.testing.ts';

const missing = existsSync('/proc/pressure/cpu') ? null : 'the kernel keeps no pressure (CONFIG_PSI, psi=1)';
if (missing) console.warn(`SKIPPED: events of pressure: ${missing}`);

const busy: ChildProcess[] = [];
afterEach(async () => {
  await Promise.all(
    busy.splice(0).map((child) => {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      return ended;
    }),
  );
});

/** Starts more programs that do nothing but count than there are processors. */
function keepBusy(): readonly number[] {
  const count = availableParallelism() + 2;
  for (let index = 0; index < count; index++) {
    busy.push(spawn(process.execPath, ['-e', 'process.stdout.write("r"); for (;;);'], { stdio: 'ignore' }));
  }
  return busy.map(({ pid }) => pid!);
}

const TRIGGER = parsePressureTrigger('cpu=some:40ms/2s');
const real = openHost();
/** A door through which no trigger can be set. */
const refused = { resolve: (file: string) => (file.startsWith('/proc/pressure/') ? '/proc/refused' : real.resolve(file)) };

describe.skipIf(missing)('pressure of the whole machine', () => {
  test('the kernel wakes us when tasks wait', async () => {
    const watching = await startWatching({ only: [], pressure: [TRIGGER] });
    keepBusy();
    const event = await watching.until({ kind: 'pressure' });
    expect(event).toMatchObject({ resource: 'cpu', stall: 'some', threshold: 0.04, window: 2, cgroup: null });
    expect((event as { total: number }).total).toBeGreaterThan(0);
    // Linux 6.1 lets only root set one; then it is looked at.
    if (watching.opening.length === 1 && process.getuid?.() === 0) expect(event).toMatchObject({ by: 'kernel' });
    await watching.end();
  });

  test('where triggers are refused, it is looked at', async () => {
    const watching = await startWatching({ only: [], pressure: [TRIGGER] }, refused);
    keepBusy();
    expect(await watching.until({ kind: 'pressure' })).toMatchObject({ by: 'polling', threshold: 0.04 });
    await watching.end();
  });

  test('what is not there is said, and the rest goes on', async () => {
    const nowhere = parsePressureTrigger('io=some:1s/2s@/no such group');
    const watching = await startWatching({ only: ['memory-pressure'], pressure: [nowhere, TRIGGER] });
    expect(watching.opening).toMatchObject([
      { kind: 'unavailable', what: 'pressure', reason: 'absent', detail: expect.stringContaining('/no such group') },
      { kind: 'watching', kinds: ['memory-pressure', 'pressure'] },
    ]);
    await watching.end();
  });
});

const group = missing ?? createPressureCgroup();
if (typeof group === 'string') console.warn(`SKIPPED: pressure of a control group: ${group}`);

test.skipIf(typeof group === 'string')('pressure of a control group, until it is gone', async () => {
  if (typeof group === 'string') return;
  const watching = await startWatching({ only: ['mount'], pressure: [{ ...TRIGGER, cgroup: group.name }] });
  try {
    for (const pid of keepBusy()) group.write('cgroup.procs', String(pid));
    expect(await watching.until({ kind: 'pressure' })).toMatchObject({ cgroup: group.name, by: 'kernel' });
  } finally {
    await Promise.all(
      busy.splice(0).map(async (child) => {
        const ended = once(child, 'exit');
        child.kill('SIGKILL');
        await ended;
      }),
    );
    group.remove();
  }
  expect(await watching.until({ kind: 'unavailable' })).toMatchObject({ what: 'pressure', reason: 'absent' });
  await watching.end();
});
