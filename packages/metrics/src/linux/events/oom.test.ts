import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { openHost } from '@hecate/host';
import { describe, expect, test } from 'vitest';
import { createTree } from '../rooted-tree.testing.ts';
import { createMemoryCgroup } from './own-cgroup.testing.ts';
import type { OwnCgroup } from './own-cgroup.testing.ts';
import { startWatching } from './watching.testing.ts';

const real = openHost();
/** A door behind which the kernel log is closed. */
const withoutLog = { resolve: (file: string) => (file === '/dev/kmsg' ? '/dev/closed' : real.resolve(file)) };

/** A name that looks like the rest of the kernel's line, and would steer a terminal. */
const NAME = 'a) tot:1\u001b\n\\x';

/** Starts a program that gives itself a name and waits; when told, it takes memory until it is killed. */
async function killInside(group: OwnCgroup): Promise<number> {
  const program = `
    require('fs').writeFileSync('/proc/self/comm', ${JSON.stringify(NAME)});
    process.stdin.once('data', () => { const held = []; for (;;) held.push(Buffer.alloc(1 << 20, 1)); });
    process.stdout.write('ready');`;
  const child = spawn(process.execPath, ['-e', program], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.on('error', () => undefined);
  await once(child.stdout, 'data');
  group.write('cgroup.procs', String(child.pid));
  const ended = once(child, 'exit');
  child.stdin.write('go');
  expect(await ended).toEqual([null, 'SIGKILL']);
  return child.pid!;
}

function whyNot(): string | null {
  if (process.platform !== 'linux') return 'this is not Linux';
  if (process.getuid?.() !== 0) return 'a control group of our own needs root';
  try {
    accessSync('/dev/kmsg', constants.R_OK);
    return null;
  } catch {
    return 'there is no /dev/kmsg';
  }
}

const missing = whyNot();
const group = missing ?? createMemoryCgroup(96 << 20);
if (typeof group === 'string') console.warn(`SKIPPED: killing for want of memory: ${group}`);

describe.skipIf(typeof group === 'string')('a process that takes more memory than its group may have', () => {
  test('is named from the kernel log, whatever its name; a counter tells where the log is closed', async () => {
    if (typeof group === 'string') return;
    const [log, counter] = await Promise.all([startWatching({ only: ['oom-kill'] }), startWatching({ only: ['oom-kill'] }, withoutLog)]);
    try {
      expect(log.opening).toMatchObject([{ kind: 'watching', kinds: ['oom-kill'] }]);
      const pid = await killInside(group);
      const event = await log.until({ kind: 'oom-kill', pid });
      expect(event).toMatchObject({ name: NAME, uid: 0, cgroup: group.name, count: 1, by: 'kmsg' });
      expect((event as unknown as { rss: number }).rss).toBeGreaterThan(30 << 20);
      expect(await counter.until({ kind: 'oom-kill' })).toMatchObject({
        pid: null,
        name: null,
        by: expect.stringMatching(/^(?:counter|cgroup)$/),
      });
    } finally {
      await Promise.all([log.end(), counter.end()]);
      group.remove();
    }
  });
});

test.runIf(process.platform === 'linux')('neither a log nor a counter: said, not thrown', async () => {
  const tree = createTree({ 'proc/vmstat': 'nr_free_pages 1\n', 'proc/self/cgroup': '0::/\n' });
  try {
    const { read, readText, keep } = tree.host;
    const watching = await startWatching(
      { only: ['oom-kill', 'mount'] },
      { ...withoutLog, read, readText, keep: (file) => (file === '/proc/vmstat' ? keep(file) : real.keep(file)) },
    );
    expect(watching.opening).toMatchObject([
      { kind: 'unavailable', what: 'oom-kill', reason: 'unsupported' },
      { kind: 'watching', kinds: ['mount'] },
    ]);
    await watching.end();
  } finally {
    tree.remove();
  }
});
