// Profiles on the very machine that the tests run on. One knob is changed, for moments, and put back whatever happens.
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { holdMachine } from '../packages/change/src/shared-machine.testing.ts';
import { eventually, run, start, temporary } from './cli.testing.ts';
import type { Ended, StartOptions } from './cli.testing.ts';
import { profileText, withProfiles } from './tuned-tree.testing.ts';

/** After how many hundredths of a second changed data is written back: harmless, and no other test changes it. */
const KNOB = '/proc/sys/vm/dirty_expire_centisecs';
const KEY = 'vm.dirty_expire_centisecs';
const read = (): number => Number(readFileSync(KNOB, 'utf8'));
const mayTry = process.platform === 'linux' && process.getuid?.() === 0;
// Tests may run twice at once.
if (mayTry) afterAll(await holdMachine(KEY));
const isRoot = mayTry && canWrite();
if (!isRoot) console.warn('Skipped: only root can change this machine.');

function canWrite(): boolean {
  try {
    writeFileSync(KNOB, readFileSync(KNOB));
    return true;
  } catch {
    // A container where /proc/sys cannot be written to.
    return false;
  }
}

describe.skipIf(!isRoot)('on this machine', () => {
  const was = isRoot ? read() : 0;
  const wanted = was + 100;
  let env: NonNullable<StartOptions['env']>;
  let user: StartOptions;

  beforeAll(() => {
    const profiles = withProfiles({ live: profileText('live', { [KEY]: wanted }) });
    chmodSync(profiles.XDG_CONFIG_HOME, 0o755);
    env = { ...profiles, HECATE_STATE_DIR: temporary('state') };
    const home = temporary('user');
    chmodSync(home, 0o777);
    user = {
      env: { ...profiles, HOME: home, XDG_STATE_HOME: undefined },
      wrap: ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'],
    };
  });
  afterAll(() => writeFileSync(KNOB, String(was)));
  const hecate = (...args: string[]): Promise<Ended> => run(args, { env });

  it('a profile is applied and undone', async () => {
    expect(await hecate('tune', 'diff', '--profile', 'live')).toMatchObject({ status: 1, stdout: `${KEY}: ${was} -> ${wanted}\n` });
    expect(await hecate('tune', 'apply', '--profile', 'live')).toMatchObject({ status: 0 });
    expect(read()).toBe(wanted);
    expect((await hecate('tune', 'verify')).status).toBe(0);
    expect(await hecate('tune', 'rollback')).toMatchObject({ status: 0 });
    expect(read()).toBe(was);
  });

  it('a profile that nobody confirms goes back', async () => {
    expect((await hecate('tune', 'apply', '--profile', 'live', '--confirm', '1')).stdout).toMatch(/^Change \d+, profile live: 1 set\./);
    await eventually(() => read() === was, 'the guard has taken it back');
  });

  it('a user who is not root may plan, and is told before anything is written that he may not apply', async () => {
    const asUser = (...args: string[]): Promise<Ended> => run(args, user);
    const plan = await asUser('tune', 'plan', '--profile', 'live');
    expect(plan).toMatchObject({ status: 0, stderr: '' });
    expect(plan.stdout).toContain(KEY);
    const applied = await asUser('tune', 'apply', '--profile', 'live');
    expect(applied).toMatchObject({ status: 5, stdout: '' });
    expect(applied.stderr).toMatch(/^hecate: .*\n {8}Nothing was changed\./);
    expect(read()).toBe(was);
    expect((await asUser('changes', 'list')).stdout).toContain('hecate has changed nothing.');
  });

  it('a proof leaves the machine as it was, also when it is ended or killed in the middle', async () => {
    const words = [
      'tune',
      'prove',
      '--profile',
      'live',
      '--force',
      '--rounds',
      '8',
      '--',
      process.execPath,
      '-e',
      'setTimeout(() => {}, 100)',
    ];
    const proven = await hecate(...words);
    expect(proven.stdout).toMatch(/wins nothing +vm\.dirty_expire_centisecs/);
    expect(proven.status).toBe(1);
    expect(read()).toBe(was);
    for (const signal of ['SIGINT', 'SIGKILL'] as const) {
      const running = start(words, { env });
      await eventually(() => read() === wanted, 'the proof has come to the changed side');
      const { status } = await running.end(signal);
      expect(status).not.toBe(0);
      await eventually(() => read() === was, `the machine is as it was after ${signal}`);
    }
  });
});
