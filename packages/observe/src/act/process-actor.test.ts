import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openHost } from '@hecate/host';
import { readProcessDetail } from '@hecate/metrics';
import { createProcessActor } from './process-actor.ts';

test.skipIf(process.platform !== 'linux')(
  'the number of a thread is no process: the kernel would take it for all of its threads',
  async () => {
    const host = openHost();
    const written: unknown[] = [];
    const actor = createProcessActor(host, (entry) => written.push(entry['result']));
    const child = spawn(process.execPath, ['-e', 'process.stdout.write("up"); setInterval(() => {}, 1000)'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      await once(child.stdout, 'data');
      const pid = child.pid!;
      const thread = readdirSync(`/proc/${pid}/task`)
        .map(Number)
        .find((number) => number !== pid)!;
      const target = { pid: thread, startedAfterBoot: readProcessDetail(host, thread)!.startedAfterBoot };
      const nobody = { address: 'test' };
      for (const act of [() => actor.signal(target, 'KILL', nobody), () => actor.setNice(target, 5, nobody)])
        expect(act).toThrow(expect.objectContaining({ code: 'UNAVAILABLE', message: `${thread} is a thread, and no process.` }));
      const ended = once(child, 'exit');
      actor.signal({ pid, startedAfterBoot: readProcessDetail(host, pid)!.startedAfterBoot }, 'TERM', nobody);
      expect(await ended).toEqual([null, 'SIGTERM']);
      expect(written).toEqual(['asked', 'UNAVAILABLE', 'asked', 'UNAVAILABLE', 'asked', 'done']);
    } finally {
      child.kill('SIGKILL');
    }
  },
);
