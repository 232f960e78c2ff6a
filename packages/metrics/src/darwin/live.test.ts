import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { statfsSync } from 'node:fs';
import { availableParallelism, loadavg, totalmem, uptime } from 'node:os';
import { describe, expect, test } from 'vitest';
import { openHost } from '@hecate/host';
import { watchEvents } from '../events/watch-events.ts';
import { openMachine } from '../machine.ts';
import { collectorsOf } from '../platform.ts';
import { expectDeclared, expectExplained } from './contract.testing.ts';

/** What a program of macOS says: the judge of what we read. */
const asked = (program: string, ...given: readonly string[]): string => execFileSync(program, given, { encoding: 'utf8' });

// On a real Mac only. A Mac lacks what it lacks: gaps are told, and fail nothing; a wrong number, or a null without a reason, does.
describe.skipIf(process.platform !== 'darwin')('this Mac', () => {
  const collectors = collectorsOf('darwin');

  test('is read: numbers or null, every declared field, and a reason for every null', async () => {
    using machine = openMachine();
    const snapshot = await machine.snapshot();
    for (const { field, reason, detail } of snapshot.gaps) process.stdout.write(`gap ${field}: ${reason}. ${detail}\n`);
    expectDeclared(snapshot, collectors);
    expectExplained(snapshot, collectors);
    // Without these there is no Mac.
    for (const name of ['host', 'cpu', 'load', 'memory', 'processor', 'disk', 'filesystem', 'network', 'processes'] as const)
      expect(snapshot[name], name).not.toBeNull();
  });

  test('says what its own programs say', async () => {
    using machine = openMachine();
    const { host, cpu, load, memory, filesystem } = await machine.snapshot();
    expect(memory?.total).toBe(totalmem());
    expect(memory!.used!).toBeGreaterThan(0);
    expect(memory!.used!).toBeLessThan(totalmem());
    expect(cpu?.cores).toHaveLength(availableParallelism());
    expect(Math.abs(host!.uptime! - uptime())).toBeLessThan(10);
    expect(Math.abs(load!.load1! - loadavg()[0]!)).toBeLessThan(5);
    expect(host).toMatchObject({
      release: asked('/usr/bin/uname', '-r').trim(),
      osVersion: asked('/usr/bin/sw_vers', '-productVersion').trim(),
    });
    const { blocks, bsize } = statfsSync('/');
    expect(filesystem?.find(({ mountpoint }) => mountpoint === '/')).toMatchObject({ size: blocks * bsize, fstype: 'apfs' });
  });

  test('counts the bytes of its interfaces exactly: between what netstat says before and after', async () => {
    const counted = (): Map<string, readonly [received: number, sent: number]> =>
      new Map(
        asked('/usr/sbin/netstat', '-ibnW')
          .split('\n')
          .filter((line) => line.includes('<Link#'))
          .map((line) => {
            const words = line.trim().split(/\s+/);
            // A link without a hardware address has one column less.
            const [received, , , sent] = words.slice(words.length - 5);
            return [words[0]!.replace('*', ''), [Number(received), Number(sent)]];
          }),
      );
    using machine = openMachine();
    const before = counted();
    const { network } = await machine.snapshot();
    const after = counted();
    for (const { device, receiveBytes, transmitBytes } of network!) {
      const [low, high] = [before.get(device), after.get(device)];
      if (!low || !high || receiveBytes === null || transmitBytes === null) continue;
      expect(receiveBytes, device).toBeGreaterThanOrEqual(low[0]);
      expect(receiveBytes, device).toBeLessThanOrEqual(high[0]);
      expect(transmitBytes, device).toBeGreaterThanOrEqual(low[1]);
      expect(transmitBytes, device).toBeLessThanOrEqual(high[1]);
    }
  });

  test('knows this process', async () => {
    using machine = openMachine();
    const { processes } = await machine.snapshot();
    const own = Array.from({ length: processes!.length }, (_, row) => processes!.row(row)).find(({ pid }) => pid === process.pid);
    expect(own).toMatchObject({ ppid: process.ppid, uid: process.getuid!() });
    const { user, system } = process.cpuUsage();
    expect(own!.cpuUser! + own!.cpuSystem!).toBeLessThanOrEqual((user + system) / 1e6 + 0.1);
    expect(own!.cpuUser! + own!.cpuSystem!).toBeGreaterThan((user + system) / 4e6);
  });

  test('is read two hundred times without growing', async () => {
    using machine = openMachine();
    for (let time = 0; time < 50; time++) await machine.snapshot();
    const before = process.memoryUsage.rss();
    for (let time = 0; time < 150; time++) await machine.snapshot();
    expect(process.memoryUsage.rss() - before).toBeLessThan(64 * 2 ** 20);
  });

  test('tells that a process ended', async () => {
    const child = spawn('/bin/cat', { stdio: ['pipe', 'ignore', 'ignore'] });
    await once(child, 'spawn');
    const kinds: string[] = [];
    for await (const event of watchEvents(openHost(), { only: ['process-exit'], pids: [child.pid!] })) {
      kinds.push(event.kind);
      if (event.kind === 'watching') child.stdin.end();
      if (event.kind === 'process-exit') expect(event.pid).toBe(child.pid);
    }
    expect(kinds).toContain('process-exit');
  });
});
