import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { holdMachine } from '../packages/change/src/shared-machine.testing.ts';
import { eventually, run, startDaemon, temporary } from './cli.testing.ts';
import type { Daemon } from './cli.testing.ts';

// A sysctl that nothing else in these tests touches, and that harms nobody: how often worn-out data is looked for.
const KEY = 'vm.dirty_writeback_centisecs';
const FILE = `/proc/sys/${KEY.replace('.', '/')}`;
const isRoot = process.platform === 'linux' && process.getuid?.() === 0;
if (!isRoot) process.stderr.write('SKIPPED: a daemon that tunes this machine: it takes root.\n');

const value = (): string => readFileSync(FILE, 'utf8').trim();

// Tests may run twice at once.
if (isRoot) afterAll(await holdMachine(KEY));

describe.runIf(isRoot)('a daemon that keeps a profile in force', () => {
  const before = value();
  const wanted = String(Number(before) + 111);
  let env: NodeJS.ProcessEnv;
  beforeAll(() => {
    const home = temporary('serve-tuning');
    env = { XDG_CONFIG_HOME: join(home, 'config'), HECATE_STATE_DIR: join(home, 'state'), XDG_STATE_HOME: join(home, 'state') };
    mkdirSync(join(home, 'config', 'hecate', 'profiles'), { recursive: true });
    writeFileSync(
      join(home, 'config', 'hecate', 'profiles', 'own.toml'),
      `name = "own"\ntitle = "Own"\nsummary = "For a test."\n
[[knobs]]\nknob = "sysctl"\nkey = "${KEY}"\nvalue = ${wanted}\nwhy = "A test sets it."\nsource = "a test"\n`,
    );
  });
  afterAll(() => writeFileSync(FILE, before));

  const configure = (text: string): void => writeFileSync(join(env['XDG_CONFIG_HOME']!, 'hecate', 'config.toml'), text);
  const tell = async (daemon: Daemon): Promise<{ profile: string | null; events: { kind: string }[] }> =>
    (await (await fetch(`${daemon.url}api/v1/tuning`)).json()) as never;
  const kinds = async (daemon: Daemon): Promise<string[]> => (await tell(daemon)).events.map(({ kind }) => kind);
  const until = async (daemon: Daemon, wantedKinds: readonly string[]): Promise<void> => {
    await expect.poll(() => kinds(daemon), { timeout: 30_000 }).toEqual(wantedKinds);
  };

  it('applies it, and keeps it when it ends; it is in force at the next start, and rolled back when that is asked for', async () => {
    configure('[tune]\nprofile = "own"\nsettle = 0\nwatch = 1\n');
    const first = await startDaemon(['--no-record'], { env });
    await until(first, ['tuned']);
    expect(value()).toBe(wanted);
    expect((await first.end()).status).toBe(0);
    expect(value()).toBe(wanted);
    const second = await startDaemon(['--no-record'], { env });
    await until(second, ['tuned']);
    expect((await tell(second)).events[0]).toMatchObject({ id: 1, isNew: false });
    expect((await second.end()).status).toBe(0);
    expect((await run(['tune', 'rollback'], { env })).status).toBe(0);
    expect(value()).toBe(before);
  });

  it('kill -9 while the machine is still watched: the guard brings everything back when its time is over', async () => {
    configure('[tune]\nprofile = "own"\nsettle = 0\nwatch = 3\n');
    const daemon = await startDaemon(['--no-record'], { env });
    await eventually(() => value() === wanted, 'the value of the profile');
    daemon.child.kill('SIGKILL');
    await eventually(() => value() === before, 'the value from before');
  });

  it('a profile that is not there is told, and the daemon serves on; a configuration that is wrong ends it before it begins', async () => {
    configure('[tune]\nprofile = "nowhere"\nsettle = 0\n');
    const daemon = await startDaemon(['--no-record'], { env });
    await until(daemon, ['refused']);
    expect((await fetch(`${daemon.url}healthz`)).status).toBe(200);
    expect((await daemon.end()).status).toBe(0);
    configure('[tune]\nprofil = "own"\n');
    const { status, stderr } = await run(['serve', '--port', '0', '--no-record'], { env });
    expect(status).toBe(2);
    expect(stderr).toContain('there is no setting "profil"');
    expect(value()).toBe(before);
  });
});
