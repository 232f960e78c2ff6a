import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openServiceNotifier } from './service-notify.ts';

const directory = mkdtempSync(join(tmpdir(), 'hecate-notify-'));
afterAll(() => rmSync(directory, { recursive: true }));

/** An independent service manager: a socket that prints each datagram it gets, as JSON, after a line that says it listens. */
const MANAGER = `
import json, socket, sys
place = sys.argv[1]
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind('\\0' + place[1:] if place[0] == '@' else place)
print('listening', flush=True)
while True: print(json.dumps(s.recv(4096).decode()), flush=True)
`;

async function withManager(place: string, work: (next: () => Promise<string>) => Promise<void>): Promise<void> {
  const manager = spawn('python3', ['-c', MANAGER, place], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: string[] = [];
  let wake = (): void => {};
  let rest = '';
  manager.stdout.on('data', (chunk: Buffer) => {
    const parts = (rest + chunk.toString()).split('\n');
    rest = parts.pop()!;
    lines.push(...parts);
    wake();
  });
  const next = async (): Promise<string> => {
    while (lines.length === 0)
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    return lines.shift()!;
  };
  try {
    expect(await next()).toBe('listening');
    await work(next);
  } finally {
    manager.kill();
  }
}

test.skipIf(process.platform !== 'linux')('a manager hears that we are ready, live and stop', async () => {
  for (const place of [join(directory, 'notify'), `@hecate-test-${process.pid}`]) {
    await withManager(place, async (next) => {
      const errors: unknown[] = [];
      const notifier = openServiceNotifier((error) => errors.push(error), { NOTIFY_SOCKET: place, WATCHDOG_USEC: '20000' })!;
      notifier.ready();
      expect(JSON.parse(await next())).toBe(`READY=1\nMAINPID=${process.pid}`);
      const stop = new AbortController();
      notifier.keepAlive(stop.signal);
      // Unreferenced: this test is what keeps the process.
      expect(JSON.parse(await next())).toBe('WATCHDOG=1');
      stop.abort();
      notifier.stopping();
      let last: unknown;
      do last = JSON.parse(await next());
      while (last === 'WATCHDOG=1');
      expect(last).toBe('STOPPING=1');
      expect(errors).toEqual([]);
    });
  }
});

test.skipIf(process.platform !== 'linux')('a manager that is gone is told once, and stops nothing', () => {
  const errors: unknown[] = [];
  const notifier = openServiceNotifier((error) => errors.push(error), { NOTIFY_SOCKET: join(directory, 'nowhere') })!;
  notifier.ready();
  notifier.stopping();
  expect(errors).toEqual([expect.objectContaining({ code: 'ENOENT' })]);
});

test('without a manager there is nobody to tell', () => {
  expect(openServiceNotifier(() => {}, {})).toBeNull();
  expect(openServiceNotifier(() => {}, { NOTIFY_SOCKET: '' })).toBeNull();
  expect(openServiceNotifier(() => {}, { NOTIFY_SOCKET: 'relative' })).toBeNull();
});
