import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { release } from 'node:os';
import { describe, expect, test } from 'vitest';
import { endingOf } from '../../events/process-ending.ts';
import { parseZombieEnding } from './process-ending.ts';
import { startWatching } from './watching.testing.ts';

describe('how a process ended', () => {
  test('a status or a signal', () => {
    expect(endingOf(7 << 8)).toEqual({ status: 7, signal: null });
    expect(endingOf(9)).toEqual({ status: null, signal: 9 });
    expect(endingOf(0x80 | 11)).toEqual({ status: null, signal: 11 });
    expect(endingOf(0)).toEqual({ status: 0, signal: null });
  });

  test('a zombie tells, unless it is another one by now, or a 0 that only hides it', () => {
    const line = (state: string, start: number, code: number): Buffer =>
      Buffer.from(
        `12 (a) b) ${state} ${Array.from({ length: 49 }, (_, index) => (index === 18 ? start : index === 48 ? code : 0)).join(' ')}\n`,
      );
    const of = (text: Buffer, mayLook = true): unknown => parseZombieEnding(text, text.length, 500, mayLook);
    expect(of(line('Z', 500, 256))).toEqual({ status: 1, signal: null });
    expect(of(line('Z', 501, 256))).toBeNull();
    expect(of(line('S', 500, 256))).toBeNull();
    expect(of(line('Z', 500, 0), false)).toBeNull();
    expect(of(line('Z', 500, 15), false)).toEqual({ status: null, signal: 15 });
  });
});

const linux = describe.skipIf(process.platform !== 'linux');
/** Waits for a byte, then ends as it is told. */
const WAITING =
  'process.stdin.once("data", (how) => { if (how == "k") process.kill(process.pid, "SIGKILL"); process.exit(Number(how)); }); process.stdout.write("r")';

async function startWaiting(): Promise<{ readonly pid: number; end(how: string): Promise<unknown> }> {
  const child = spawn(process.execPath, ['-e', WAITING], { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return {
    pid: child.pid!,
    end(how) {
      const ended = once(child, 'exit');
      child.stdin.end(how);
      return ended;
    },
  };
}

/** Since Linux 6.15 a pidfd tells anyone; before, whoever comes while it is a zombie, and Node buries its children at once. */
const [major = 0, minor = 0] = release().split('.').map(Number);
const tells = major > 6 || (major === 6 && minor >= 15);

linux('processes that are named', () => {
  test('their end is told with status or signal, and the watch ends with the last of them', async () => {
    const before = readdirSync('/proc/self/fd').length;
    const children = [await startWaiting(), await startWaiting(), await startWaiting()];
    const watching = await startWatching({ only: [], pids: children.map(({ pid }) => pid) });
    expect(watching.opening).toMatchObject([{ kind: 'watching', kinds: ['process-exit'] }]);
    const [fine, failed, killed] = children as [(typeof children)[0], (typeof children)[0], (typeof children)[0]];
    await Promise.all([fine.end('0'), failed.end('7'), killed.end('k')]);
    await watching.ended;
    const byPid = (pid: number): unknown => watching.seen.find((event) => event.kind === 'process-exit' && event.pid === pid);
    const name = expect.stringMatching(/node|vitest|MainThread/) as unknown;
    expect(byPid(fine.pid)).toMatchObject({ name, ...(tells ? { status: 0, signal: null } : {}) });
    expect(byPid(failed.pid)).toMatchObject({ name, ...(tells ? { status: 7, signal: null } : {}) });
    expect(byPid(killed.pid)).toMatchObject({ name, ...(tells ? { status: null, signal: 9 } : {}) });
    expect(watching.seen).toHaveLength(3);
    expect(readdirSync('/proc/self/fd')).toHaveLength(before);
  });

  test('one that is not there, or another one with its number, is refused', async () => {
    const child = await startWaiting();
    const fields = readFileSync(`/proc/${child.pid}/stat`, 'latin1').split(') ')[1]!.split(' ');
    const startedAfterBoot = Number(fields[19]) / 100;
    const gone = await startWaiting();
    await gone.end('0');
    const watching = await startWatching({
      only: [],
      pids: [{ pid: child.pid, startedAfterBoot }, { pid: child.pid, startedAfterBoot: startedAfterBoot - 1 }, gone.pid],
    });
    expect(watching.opening).toMatchObject([
      { kind: 'unavailable', what: 'process-exit', reason: 'absent', detail: expect.stringContaining('another one has its number') },
      { kind: 'unavailable', what: 'process-exit', reason: 'absent', detail: `There is no process ${gone.pid}.` },
      { kind: 'watching', kinds: ['process-exit'] },
    ]);
    await child.end('0');
    await watching.ended;
    expect(watching.seen).toMatchObject([{ kind: 'process-exit', pid: child.pid, startedAfterBoot }]);
  });
});

linux('every process', () => {
  test('starts, becomes a program and ends, or it is said why that is not to be heard', async (context) => {
    const watching = await startWatching({ only: ['process', 'mount'] });
    const refusal = watching.opening.find(({ kind }) => kind === 'unavailable');
    // Root of the first namespaces is never refused (their inodes: include/linux/proc_ns.h).
    const mayListen = process.getuid?.() === 0 && readlinkSync('/proc/self/ns/pid') === 'pid:[4026531836]';
    const detail = refusal && 'detail' in refusal ? refusal.detail : undefined;
    if (mayListen && readlinkSync('/proc/self/ns/user') === 'user:[4026531837]')
      expect([undefined, 'The kernel has no process connector.']).toContain(detail);
    if (refusal) {
      expect(refusal).toMatchObject({ what: 'process', reason: expect.stringMatching(/^(?:permission|unsupported)$/) });
      await watching.end();
      console.warn(`SKIPPED: events of every process: ${JSON.stringify(refusal)}`);
      return context.skip();
    }
    const child = await startWaiting();
    await child.end('7');
    await watching.until({ kind: 'process', change: 'exited', pid: child.pid });
    await watching.end();
    const own = watching.seen.filter((event) => event.kind === 'process' && event.pid === child.pid);
    expect(own).toMatchObject([
      { change: 'started', ppid: process.pid, status: null },
      { change: 'executed', ppid: null, name: expect.any(String) },
      { change: 'exited', status: 7, signal: null, name: expect.any(String) },
    ]);
  });
});
