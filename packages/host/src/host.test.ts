import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HecateError } from './error.ts';
import { openHost, openRootedHost } from './host.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'hecate-host-'));
  mkdirSync(path.join(directory, 'root/proc'), { recursive: true });
  mkdirSync(path.join(directory, 'outside'));
  writeFileSync(path.join(directory, 'outside/secret'), 'secret');
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const root = (): string => path.join(directory, 'root');
const put = (file: string, text: string): void => writeFileSync(path.join(root(), file), text);

/** The code of the error that an action throws. */
function codeOf(action: () => unknown): string | undefined {
  try {
    action();
  } catch (error) {
    return (error as NodeJS.ErrnoException).code;
  }
  return undefined;
}

describe('openRootedHost', () => {
  it('reads below the root, by absolute paths of that machine', () => {
    put('proc/loadavg', '1 2 3\n');
    mkdirSync(path.join(root(), 'proc/1'));
    symlinkSync('loadavg', path.join(root(), 'proc/same'));
    const host = openRootedHost(root());
    expect(host).toMatchObject({ kind: 'rooted', platform: 'linux' });
    expect(host.readText('/proc/loadavg')).toBe('1 2 3\n');
    expect(host.readText('/proc/same')).toBe('1 2 3\n');
    expect(host.readLink('/proc/same')).toBe('loadavg');
    expect(host.list('/proc').sort()).toEqual(['1', 'loadavg', 'same']);
    expect(codeOf(() => host.read('/proc/missing'))).toBe('ENOENT');
    expect(codeOf(() => host.read('/proc/1'))).toBe('EISDIR');
  });

  it.each(['/proc/out', '/proc/folder/secret', '/proc/../../outside/secret', '/proc/loop'])('never leaves the root: %s', (file) => {
    symlinkSync(path.join(directory, 'outside/secret'), path.join(root(), 'proc/out'));
    symlinkSync('../../outside', path.join(root(), 'proc/folder'));
    symlinkSync('loop', path.join(root(), 'proc/loop'));
    const host = openRootedHost(root());
    for (const read of [host.read, host.readText, (name: string) => host.keep(name).read()])
      expect(codeOf(() => read(file))).toMatch(/^ENOENT$|^ELOOP$/);
    expect(codeOf(() => host.list(path.dirname('/proc/folder/x')))).toBe('ENOENT');
  });

  it('a directory beside the root whose name begins the same is outside', () => {
    mkdirSync(path.join(directory, 'root-two'));
    writeFileSync(path.join(directory, 'root-two/secret'), 'secret');
    symlinkSync('../../root-two/secret', path.join(root(), 'proc/secret'));
    expect(codeOf(() => openRootedHost(root()).read('/proc/secret'))).toBe('ENOENT');
  });

  it('its clock stands at the time of the recording', () => {
    utimesSync(path.join(root(), 'proc'), 1_700_000_000, 1_700_000_000);
    const { clock } = openRootedHost(root());
    expect([clock.now(), clock.monotonic(), clock.stands]).toEqual([1_700_000_000, 0, true]);
  });

  it('runs no program', async () => {
    await expect(openRootedHost(root()).run(['true'])).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });

  it.runIf(process.platform === 'linux')('one that is mounted and runs has a clock that runs', () => {
    const host = openRootedHost('/');
    expect(host.clock.stands).toBeUndefined();
    expect(host.readText('/proc/self/stat')).toContain(String(process.pid));
  });

  it.each([
    ['that is missing', 'missing', 'does not exist'],
    ['that is a file', 'outside/secret', 'is not a directory'],
    ['without proc', 'outside', 'holds no proc directory'],
  ])('a root %s is refused', (_what, name, sentence) => {
    const open = (): unknown => openRootedHost(path.join(directory, name));
    expect(open).toThrow(HecateError);
    expect(open).toThrow(sentence);
    expect(codeOf(open)).toBe('INVALID');
  });

  it.each(['file', 'dangling', 'outside'])('a proc that is no directory inside the root is refused (%s)', (kind) => {
    rmSync(path.join(root(), 'proc'), { recursive: true });
    if (kind === 'file') put('proc', '');
    else symlinkSync(kind === 'dangling' ? 'nowhere' : path.join(directory, 'outside'), path.join(root(), 'proc'));
    expect(() => openRootedHost(root())).toThrow('holds no proc directory');
  });
});

describe('a kept file', () => {
  it('is read anew each time, whole, however it grew', () => {
    put('proc/file', 'short');
    const file = openRootedHost(root()).keep('/proc/file');
    const text = (): string => {
      const { buffer, length } = file.read();
      return buffer.toString('latin1', 0, length);
    };
    expect(text()).toBe('short');
    for (const size of [65_535, 65_536, 65_537, 1_000_000, 0]) {
      put('proc/file', 'x'.repeat(size));
      expect(text()).toBe('x'.repeat(size));
    }
    file.close();
    file.close();
    expect(text()).toBe('');
    file.close();
  });

  it('is opened at the first read, and again after an error', () => {
    const file = openRootedHost(root()).keep('/proc/late');
    expect(codeOf(() => file.read())).toBe('ENOENT');
    put('proc/late', 'here');
    expect(file.readOnce().length).toBe(4);
    file.close();
  });
});

describe('openHost', () => {
  it('runs programs with exactly their arguments: nothing is interpreted', async () => {
    const { status, stdout } = await openHost().run([process.execPath, '-e', 'console.log(process.argv[1])', '$(id); `id` | x > y']);
    expect([status, stdout]).toEqual([0, '$(id); `id` | x > y\n']);
  });

  it('hands on status, both outputs and the input', async () => {
    const program = 'process.stdin.on("data", (text) => process.stderr.write(text)).on("end", () => process.exit(3))';
    expect(await openHost().run([process.execPath, '-e', program], { input: 'hello' })).toEqual({
      status: 3,
      signal: null,
      stdout: '',
      stderr: 'hello',
    });
  });

  it('a program that is missing, may not be run, does not end, or says too much', async () => {
    const host = openHost();
    await expect(host.run(['hecate-no-such-program'])).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await expect(host.run([path.join(directory, 'outside/secret')])).rejects.toMatchObject({ code: 'DENIED' });
    const forever = [process.execPath, '-e', 'setInterval(() => process.stdout.write("x".repeat(10000)), 1)'] as const;
    await expect(host.run(forever, { maxBytes: 100_000 })).rejects.toMatchObject({
      code: 'FAILED',
      message: expect.stringContaining('more than'),
    });
    await expect(host.run([process.execPath, '-e', 'setInterval(() => {}, 1000)'], { timeout: 0.2 })).rejects.toMatchObject({
      code: 'FAILED',
    });
    await expect(host.run([process.execPath, '-e', 'setInterval(() => {}, 1000)'], { signal: AbortSignal.timeout(100) })).rejects.toThrow(
      /abort/i,
    );
  });

  it('a program that closes its input early is no error', async () => {
    const { status } = await openHost().run([process.execPath, '-e', 'process.stdin.destroy()'], { input: 'x'.repeat(1_000_000) });
    expect(status).toBe(0);
  });
});
