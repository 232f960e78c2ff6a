// Profiles on a machine of files: planned, applied, looked at, replaced, leased and undone by the command line that users run.
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventually, run, start, temporary } from './cli.testing.ts';
import type { Ended } from './cli.testing.ts';
import { FILES } from './tree.testing.ts';
import { guardsOf, makeTunedTree, profileText, PROFILES, withProfiles } from './tuned-tree.testing.ts';

const env = withProfiles(PROFILES);
const hecate = (tree: { root: string }, ...args: string[]): Promise<Ended> =>
  run([...args.slice(0, 2), '--root', tree.root, ...args.slice(2)], { env });
const json = async (tree: { root: string }, ...args: string[]): Promise<unknown> =>
  JSON.parse((await hecate(tree, ...args, '--format', 'json')).stdout) as unknown;
/** The words of a panel without its frame. */
const flat = (text: string): string => text.replaceAll(/[│\s]+/g, ' ');

describe('a profile', () => {
  it('is planned with its reasons, applied, verified and undone without a trace', async () => {
    const tree = makeTunedTree();
    const before = tree.picture();
    const plan = await hecate(tree, 'tune', 'plan', '--profile', 'first');
    expect(plan).toMatchObject({ status: 0, stderr: '' });
    expect(plan.stdout).toMatch(/vm\.swappiness +60 -> 10/);
    expect(plan.stdout).toContain('The tests want vm.swappiness so.');
    expect(plan.stdout).toMatch(/│     the tests /);
    expect(Math.max(...plan.stdout.split('\n').map((line) => line.length))).toBe(80);

    const diff = await hecate(tree, 'tune', 'diff', '--profile', 'first');
    expect(diff).toMatchObject({ status: 1, stdout: 'vm.swappiness: 60 -> 10\nvm.vfs_cache_pressure: 100 -> 50\n', stderr: '' });
    expect(tree.picture()).toEqual(before);
    expect(tree.hasJournal()).toBe(false);

    expect(await hecate(tree, 'tune', 'apply', '--profile', 'first')).toMatchObject({
      status: 0,
      stdout: 'Change 1, profile first: 2 set.\n',
    });
    expect([tree.read('vm.swappiness'), tree.read('vm.vfs_cache_pressure')]).toEqual(['10', '50']);
    expect(await hecate(tree, 'tune', 'diff', '--profile', 'first')).toMatchObject({ status: 0, stdout: '' });
    expect(flat((await hecate(tree, 'tune', 'status')).stdout)).toMatch(
      /Profile first: in force since \S+ \S+ as change 1, all 2 values kept\./,
    );
    expect((await hecate(tree, 'tune', 'verify')).status).toBe(0);
    expect((await hecate(tree, 'tune', 'apply', '--profile', 'first')).stdout).toMatch(
      /^Nothing to do: profile first is in force, as change 1/,
    );

    expect(await hecate(tree, 'tune', 'rollback')).toMatchObject({
      status: 0,
      stdout: 'Change 1 (profile first) is undone: 2 values restored.\n',
    });
    expect(tree.picture()).toEqual(before);
    expect(await hecate(tree, 'tune', 'rollback')).toMatchObject({ status: 4, stderr: expect.stringContaining('No profile is in force.') });
  });

  it('takes the place of the one before, and its end brings back what was before both', async () => {
    const tree = makeTunedTree();
    const before = tree.picture();
    await hecate(tree, 'tune', 'apply', '--profile', 'first');
    expect((await hecate(tree, 'tune', 'apply', '--profile', 'second')).status).toBe(0);
    expect(['vm.swappiness', 'vm.vfs_cache_pressure', 'net.core.somaxconn'].map(tree.read)).toEqual(['1', '100', '8192']);
    expect((await hecate(tree, 'changes', 'list')).stdout).toMatch(/2 +profile second .*in force.*\n.*1 +profile first .*replaced/);
    await hecate(tree, 'tune', 'rollback');
    expect(tree.picture()).toEqual(before);
  });

  it('keeps what somebody else has set since, and says so', async () => {
    const tree = makeTunedTree();
    await hecate(tree, 'tune', 'apply', '--profile', 'first');
    tree.write('vm.swappiness', '33');
    const verify = await hecate(tree, 'tune', 'verify');
    expect(verify.status).toBe(1);
    expect(verify.stdout).toMatch(/drifted +vm\.swappiness +10 -> 33/);
    expect(flat((await hecate(tree, 'tune', 'status')).stdout)).toContain('1 of 2 values kept');
    const { stdout } = await hecate(tree, 'tune', 'rollback');
    expect(stdout).toBe(
      'Change 1 (profile first) is undone: 1 value restored.\nvm.swappiness was left alone: somebody has set it to 33 since.\n',
    );
    expect([tree.read('vm.swappiness'), tree.read('vm.vfs_cache_pressure')]).toEqual(['33', '100']);
  });

  it('is chosen for the machine when none is named, with the reason', async () => {
    const tree = makeTunedTree();
    const { classification } = (await json(tree, 'tune', 'detect')) as { classification: { profile: string; reasons: string[] } };
    const { stderr } = await hecate(tree, 'tune', 'apply');
    expect(stderr).toContain(`Profile ${classification.profile} fits this machine: ${classification.reasons[0]}`);
  });

  it('is the same for programs', async () => {
    const tree = makeTunedTree();
    expect(await json(tree, 'tune', 'plan', '--profile', 'first')).toMatchObject({
      profile: { name: 'first' },
      plan: { component: 'tune', title: 'profile first' },
      steps: [{ target: 'vm.swappiness', verdict: 'change', was: '60', wanted: '10' }, { target: 'vm.vfs_cache_pressure' }],
      skipped: [],
    });
    expect(await json(tree, 'tune', 'apply', '--profile', 'first')).toMatchObject({
      id: 1,
      phase: 'active',
      steps: [{ state: 'done' }, { state: 'done' }],
    });
    expect(await json(tree, 'tune', 'status')).toMatchObject({ inForce: [{ id: 1 }], found: [{ verdict: 'kept' }, { verdict: 'kept' }] });
    expect(await json(tree, 'changes', 'show', '1')).toMatchObject({ id: 1, plan: { title: 'profile first' } });
    expect(await json(tree, 'tune', 'rollback')).toMatchObject({ transaction: { phase: 'ended' }, failures: [] });
  });
});

describe('a profile under watch', () => {
  const meminfo = (available: number): string => FILES['proc/meminfo']!.replace(/(MemAvailable: +)\d+/, `$1${available}`);

  it('stays when the machine stays well, and goes back when it gets worse', async () => {
    const tree = makeTunedTree();
    const before = tree.picture();
    const well = await hecate(tree, 'tune', 'apply', '--profile', 'first', '--watch', '1');
    expect(well).toMatchObject({ status: 0, stderr: 'hecate: The machine is watched for 1 s.\n' });
    await hecate(tree, 'tune', 'rollback');
    const worse = start(['tune', 'apply', '--root', tree.root, '--profile', 'first', '--watch', '600'], { env });
    await eventually(() => tree.read('vm.swappiness') === '10', 'it is applied');
    writeFileSync(join(tree.root, 'proc/meminfo'), meminfo(1000));
    const { status, stderr } = await worse.ended();
    expect({ status, stderr }).toEqual({ status: 7, stderr: expect.stringContaining('Less than 2 % of memory is left') });
    writeFileSync(join(tree.root, 'proc/meminfo'), FILES['proc/meminfo']!);
    await eventually(() => guardsOf(tree).length === 0, 'the guard has ended');
    expect(tree.picture()).toEqual(before);
  });

  it('goes back when its apply is killed', async () => {
    const tree = makeTunedTree();
    const before = tree.picture();
    const running = start(['tune', 'apply', '--root', tree.root, '--profile', 'first', '--watch', '2'], { env });
    await eventually(() => tree.read('vm.vfs_cache_pressure') === '50', 'it is applied');
    await running.end('SIGKILL');
    await eventually(() => guardsOf(tree).length === 0, 'the guard has ended');
    expect(tree.picture()).toEqual(before);
  });
});

describe('a lease', () => {
  const startProcess = async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    await new Promise((resolve) => child.once('spawn', resolve));
    return { pid: String(child.pid), end: () => child.kill('SIGKILL') };
  };

  it('goes back when its process ends, on top of the profile that is in force', async () => {
    const tree = makeTunedTree();
    await hecate(tree, 'tune', 'apply', '--profile', 'first');
    const under = tree.picture();
    const user = await startProcess();
    try {
      const { stdout } = await hecate(tree, 'tune', 'apply', '--profile', 'second', '--for', user.pid);
      expect(stdout).toBe(`Change 2, profile second for process ${user.pid}: 2 set. It goes back when process ${user.pid} ends.\n`);
      expect([tree.read('vm.swappiness'), tree.read('vm.vfs_cache_pressure')]).toEqual(['1', '50']);
    } finally {
      user.end();
    }
    await eventually(() => tree.read('vm.swappiness') === '10', 'the lease has ended');
    await eventually(() => guardsOf(tree).length === 0, 'its guard has ended');
    expect(tree.picture()).toEqual(under);
  });

  it('lasts as long as a program that runs under a profile, and ends as it ends', async () => {
    const tree = makeTunedTree();
    const before = tree.picture();
    const script = 'console.log(require("fs").readFileSync(process.argv[1], "utf8").trim()); process.exit(7)';
    const file = join(tree.root, 'proc/sys/vm/swappiness');
    const { status, stdout } = await hecate(tree, 'tune', 'run', '--profile', 'second', '--', process.execPath, '-e', script, file);
    expect({ status, stdout }).toEqual({ status: 7, stdout: '1\n' });
    expect(tree.picture()).toEqual(before);
    expect(await hecate(tree, 'tune', 'run', '--profile', 'second', '--', '/nowhere/program')).toMatchObject({ status: 4 });
    expect(tree.picture()).toEqual(before);
  });

  it('ends too when hecate itself is killed while the program runs', async () => {
    const tree = makeTunedTree();
    const before = tree.picture();
    const words = [
      'tune',
      'run',
      '--root',
      tree.root,
      '--profile',
      'second',
      '--',
      process.execPath,
      '-e',
      'console.log("up"); setTimeout(() => {}, 3000)',
    ];
    const running = start(words, { env });
    await running.until(/up/);
    expect(tree.read('vm.swappiness')).toBe('1');
    running.child.kill('SIGKILL');
    await eventually(() => guardsOf(tree).length === 0, 'the guard has ended');
    expect(tree.picture()).toEqual(before);
  });
});

describe('what is refused', () => {
  it.each([
    ['an unknown profile', ['tune', 'apply', '--profile', 'frist'], 2, /There is no profile frist\.\n +Did you mean first\?/],
    ['a path for a name', ['tune', 'plan', '--profile', '../first'], 2, /is no name of a profile/],
    ['a broken profile', ['tune', 'apply', '--profile', 'broken'], 2, /broken\.toml/],
    ['a value that is out of range', ['tune', 'apply', '--profile', 'wild'], 2, /vm\.swappiness/],
    ['a process that is not there', ['tune', 'apply', '--profile', 'first', '--for', '4194304'], 2, /There is no process 4194304/],
    ['a deadline that is none', ['tune', 'apply', '--profile', 'first', '--confirm', '0'], 2, /at least 1/],
    [
      'a watch for what must be confirmed',
      ['tune', 'apply', '--profile', 'first', '--watch', '5', '--confirm', '60'],
      2,
      /exclude one another/,
    ],
    ['words that mean nothing', ['tune', 'apply', 'first'], 2, /"first" is too much here/],
    ['an action that is none', ['tune', 'aply'], 2, /There is no aply\. Did you mean apply\?/],
    ['nothing to run', ['tune', 'run', '--profile', 'first'], 2, /There is nothing to run/],
    ['no workload', ['tune', 'prove', '--profile', 'first'], 2, /There is no workload/],
    ['two workloads', ['tune', 'prove', '--profile', 'first', '--workload', 'true', '--', 'true'], 2, /There are two workloads/],
    ['nothing that can be imported', ['tune', 'import', 'first'], 2, /"first" cannot be imported/],
    ['a change that is none', ['tune', 'prove', '--change', 'vm.swappiness=1', '--', 'true'], 2, /"vm\.swappiness=1" is no change/],
    ['a change that is not there', ['changes', 'rollback', '9'], 2, /There is no change 9/],
    ['a number that is none', ['changes', 'confirm', 'nine'], 2, /"nine" is no number of a change/],
  ])('%s: one sentence, and nothing is changed', async (_name, words, status, sentence) => {
    const tree = makeTunedTree();
    const before = tree.picture();
    const bad = withProfiles({ ...PROFILES, broken: 'name = "broken"\n[[knobs]\n', wild: profileText('wild', { 'vm.swappiness': 9999 }) });
    const [command, action, ...rest] = words as [string, string, ...string[]];
    const ended = await run([command, action, '--root', tree.root, ...rest], { env: bad });
    expect(ended).toMatchObject({ status, stdout: '' });
    expect(ended.stderr).toMatch(sentence);
    expect(ended.stderr).toMatch(/^hecate: /);
    expect(tree.picture()).toEqual(before);
    expect(tree.hasJournal()).toBe(false);
  });

  it('a journal outside of the tree, where a link leads out', async () => {
    const tree = makeTunedTree();
    const outside = temporary('outside');
    mkdirSync(join(tree.root, 'var'));
    symlinkSync(outside, join(tree.root, 'var/lib'));
    const ended = await hecate(tree, 'tune', 'apply', '--profile', 'first');
    expect(ended).toMatchObject({ status: 2, stderr: expect.stringContaining('leads out of') });
    expect(readdirSync(outside)).toEqual([]);
    expect(tree.read('vm.swappiness')).toBe('60');
  });

  it('to learn a profile without a name, or with one that is taken, before anything is measured', async () => {
    const tree = makeTunedTree();
    const own = withProfiles({ mine: PROFILES['first']!.replace('"first"', '"mine"') });
    const learn = (...args: string[]) => run(['tune', 'learn', '--root', tree.root, ...args, '--', 'true'], { env: own });
    expect(await learn()).toMatchObject({ status: 2, stderr: expect.stringContaining('needs a name') });
    expect((await learn('--profile', 'mine')).stderr).toMatch(/There is a profile mine already/);
  });
});

it('a profile of tuned becomes one of ours', async () => {
  const tree = makeTunedTree({
    'usr/lib/tuned/mine/tuned.conf': '[main]\nsummary=Mine\n[sysctl]\nvm.swappiness=7\n[script]\nscript=run.sh\n',
  });
  const imported = await hecate(tree, 'tune', 'import', 'tuned:mine');
  expect(imported.status).toBe(0);
  expect(imported.stdout).toMatch(/^# Left out: .*run\.sh/);
  expect(imported.stderr).toContain('1 setting was left out');
  const own = withProfiles({ 'tuned-mine': imported.stdout });
  const applied = await run(['tune', 'apply', '--root', tree.root, '--profile', 'tuned-mine'], { env: own });
  expect(applied).toMatchObject({ status: 0, stderr: '' });
  expect(tree.read('vm.swappiness')).toBe('7');
});
