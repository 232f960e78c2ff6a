import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventually, run, start, temporary } from './cli.testing.ts';
import type { Running } from './cli.testing.ts';

type Event = Readonly<Record<string, unknown>> & { readonly kind: string; readonly time: number };

const eventsOf = (text: string): Event[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Event);
const linux = describe.skipIf(process.platform !== 'linux');

/** Runs a program and fails when it fails. */
function must(program: string, ...argv: string[]): void {
  const { status, stderr, error } = spawnSync(program, argv, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${argv.join(' ')}: ${error?.message ?? stderr}`);
}

/** A process that waits for its standard input to close, then ends with 7. */
function startWaiting(): { readonly pid: number; end(): Promise<unknown> } {
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume().on("end", () => process.exit(7))'], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  return {
    pid: child.pid!,
    end() {
      const ended = once(child, 'exit');
      child.stdin.end();
      return ended;
    },
  };
}

linux('hecate watch', () => {
  it('json: an object a line; first what cannot be watched, then what is', async () => {
    const watching = start(['watch', '--format', 'json']);
    await watching.until(/"watching"/);
    const { status, stdout, stderr } = await watching.end('SIGINT');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const events = eventsOf(stdout);
    const kinds = events.find(({ kind }) => kind === 'watching')?.['kinds'] as string[];
    expect(kinds).toEqual(expect.arrayContaining(['link', 'address', 'mount', 'clock']));
    for (const event of events) {
      expect(Math.abs(event.time - Date.now() / 1000)).toBeLessThan(120);
      if (event.kind !== 'unavailable') continue;
      expect(event).toEqual({
        time: event.time,
        kind: 'unavailable',
        what: expect.stringMatching(/^[a-z-]+$/),
        reason: expect.stringMatching(/^(?:unsupported|permission|absent)$/),
        detail: expect.stringMatching(/\S/),
      });
      expect(kinds).not.toContain(event['what']);
    }
  });

  it('ends with status 0 at SIGTERM, and tells people on standard error what it watches', async () => {
    const watching = start(['watch', '--only', 'link,clock']);
    await watching.until(/Watching link, clock\. Ctrl-C ends it\.\n/);
    expect(await watching.end('SIGTERM')).toMatchObject({ status: 0, signal: null, stdout: '' });
  });

  it('--pid: a line when it ends, and then it is over', async () => {
    const child = startWaiting();
    const watching = start(['watch', '--pid', String(child.pid)]);
    await watching.until(/Watching process-exit/);
    await child.end();
    const { status, stdout } = await watching.ended();
    expect(status).toBe(0);
    expect(stdout).toMatch(
      new RegExp(
        `^\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d  process-exit     process ${child.pid} \\([^)]+\\) ended(?: with status 7)?\n$`,
      ),
    );
  });

  it('--pid of a process that is not there: said, and over', async () => {
    const child = startWaiting();
    await child.end();
    const { status, stdout, stderr } = await run(['watch', '--pid', String(child.pid)]);
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
    expect(stderr).toContain(`process-exit cannot be watched: absent. There is no process ${child.pid}.\n`);
    expect(stderr).toContain('Nothing can be watched.');
  });

  it('--count ends it; a reader that has seen enough ends it too, without a word', async () => {
    const children = [startWaiting(), startWaiting()] as const;
    const pids = children.map(({ pid }) => pid).join(',');
    const counted = start(['watch', '--pid', pids, '--count', '1', '--format', 'json']);
    const piped = start(['watch', '--pid', pids, '--format', 'json']);
    await Promise.all([counted.until(/"watching"/), piped.until(/"watching"/)]);
    piped.child.stdout.destroy();
    await children[0].end();
    const { status, stdout } = await counted.ended();
    expect({ status, kinds: eventsOf(stdout).map(({ kind }) => kind) }).toEqual({ status: 0, kinds: ['watching', 'process-exit'] });
    await children[1].end();
    expect(await piped.ended()).toMatchObject({ status: 0, signal: null, stderr: '' });
  });

  it.each([
    [['--only', 'nonsense'], 'There is no nonsense. Choose from link, address, mount'],
    [['--pressure', 'memory=lots'], 'The pressure "memory=lots" is not understood.'],
    [['--pressure', 'cpu=some:3s/2s'], 'A threshold is more than 0 s'],
    [['--pid', 'me'], '"me" is no number of a process.'],
    [['--pid', '0'], '"0" is no number of a process.'],
    [['--count', '0'], 'It must be at least 1.'],
    [['--only', 'process-exit'], 'Watching process-exit needs the processes that are meant.'],
  ])('%j is refused', async (args, why) => {
    const { status, stdout, stderr } = await run(['watch', ...args]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(why);
  });
});

/** Mounts and network of its own, in which process 1 is the watcher. */
const PRIVATE = ['unshare', '--mount', '--propagation', 'private', '--pid', '--fork', '--kill-child', '--mount-proc', '--net'];

function whyNot(): string | null {
  if (process.platform !== 'linux') return 'this is not Linux';
  if (process.getuid?.() !== 0) return 'namespaces need root';
  if (spawnSync('ip', ['-V']).status !== 0) return 'ip is not installed (apt-get install iproute2)';
  const [program, ...rest] = [...PRIVATE, 'true'] as unknown as [string, ...string[]];
  const { status, stderr } = spawnSync(program, rest, { encoding: 'utf8' });
  return status === 0 ? null : `no namespaces can be made here: ${stderr.trim()}`;
}
const missing = whyNot();
if (missing) console.warn(`SKIPPED: hecate watch in namespaces of its own: ${missing}`);

/** Runs a program where the watcher is. */
async function inside({ child }: Running, ...argv: string[]): Promise<void> {
  const inner = await eventually(() => readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim(), 'the watcher runs');
  must('nsenter', '--target', inner, '--mount', '--net', ...argv);
}

describe.skipIf(missing)('hecate watch in namespaces of its own', () => {
  it('fails where nothing can be watched: the process connector answers nobody in a user namespace', async () => {
    const watching = start(['watch', '--only', 'process'], { wrap: ['unshare', '--user', '--pid', '--fork', '--kill-child'] });
    const { status, stdout, stderr } = await watching.ended();
    expect({ status, stdout }).toEqual({ status: 3, stdout: '' });
    expect(stderr).toMatch(/^hecate: process cannot be watched: unsupported\. .*\nhecate: Nothing can be watched\.\n$/);
  });

  it('text: a line an event, and no name steers the terminal', async () => {
    const place = join(temporary(), 'a \u001b[31mred\u202e place');
    mkdirSync(place);
    const watching = start(['watch', '--only', 'link,address,mount'], { wrap: PRIVATE, env: { FORCE_COLOR: undefined } });
    await watching.until(/Watching/);
    await inside(watching, 'mount', '-t', 'tmpfs', 'none', place);
    // What is gone before anybody could look was never there.
    await watching.until(/was mounted/);
    await inside(watching, 'umount', place);
    await inside(watching, 'ip', 'link', 'add', 'left', 'type', 'veth', 'peer', 'name', 'right');
    await inside(watching, 'ip', 'link', 'set', 'left', 'name', 'port');
    await inside(watching, 'ip', 'address', 'add', '192.0.2.7/24', 'dev', 'port');
    await inside(watching, 'ip', 'link', 'set', 'right', 'up');
    await inside(watching, 'ip', 'link', 'set', 'port', 'up');
    await watching.until(/port is up/);
    await inside(watching, 'ip', 'link', 'set', 'right', 'down');
    await inside(watching, 'ip', 'link', 'del', 'port');
    await watching.until(/port was removed/);
    const inner = readFileSync(`/proc/${watching.child.pid}/task/${watching.child.pid}/children`, 'utf8').trim();
    process.kill(Number(inner), 'SIGTERM');
    const { stdout } = await watching.ended();
    const told = stdout.split('\n').map((line) => line.slice(21));
    for (const line of [
      `mount            ${place.replace('\u001b', '\\x1b').replace('\u202e', '\\x202e')} was mounted: tmpfs from none`,
      'link             left was added',
      'link             left is now called port',
      'address          192.0.2.7/24 was added to port',
      'link             port is up',
      'link             port is down: no link',
      'link             port was removed',
      'address          192.0.2.7/24 was removed from port',
    ]) {
      expect(told).toContain(line);
    }
    for (const letter of ['\u001b', '\u202e']) expect(stdout).not.toContain(letter);
  });

  it('colours where they are wanted', async () => {
    const watching = start(['watch', '--only', 'link', '--count', '1'], { wrap: PRIVATE, env: { FORCE_COLOR: '1' } });
    await watching.until(/Watching link/);
    await inside(watching, 'ip', 'link', 'set', 'lo', 'up');
    expect((await watching.ended()).stdout).toContain('mlo is up\u001b[0m\n');
  });
});
