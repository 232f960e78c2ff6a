// Changes that must be confirmed, and processes that are killed at any moment: what is left is all or nothing.
import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { eventually, HECATE, run, start, temporary } from './cli.testing.ts';
import type { Ended } from './cli.testing.ts';
import { guardsOf, makeTunedTree, PROFILES, withProfiles } from './tuned-tree.testing.ts';
import type { TunedTree } from './tuned-tree.testing.ts';

const env = withProfiles(PROFILES);
const changes = (tree: TunedTree, ...args: string[]): Promise<Ended> => run(['changes', ...args, '--root', tree.root], { env });
const applyWords = (tree: TunedTree, profile: string, ...more: string[]): string[] => [
  'tune',
  'apply',
  '--root',
  tree.root,
  '--profile',
  profile,
  ...more,
];
const apply = (tree: TunedTree, profile: string, ...more: string[]): Promise<Ended> => run(applyWords(tree, profile, ...more), { env });
const isQuiet = (tree: TunedTree) => (): boolean => guardsOf(tree).length === 0;
const killGuards = (tree: TunedTree): void => {
  for (const pid of guardsOf(tree)) process.kill(pid, 'SIGKILL');
};

describe('a change that must be confirmed', () => {
  it('stays when it is confirmed, and its guard ends', async () => {
    const tree = makeTunedTree();
    const ended = await apply(tree, 'first', '--confirm', '600');
    expect(ended.stdout).toBe('Change 1, profile first: 2 set. It goes back in 10 min unless it is confirmed.\n');
    expect(ended.stderr).toMatch(new RegExp(`unless you say: hecate changes confirm 1 --root ${tree.root}\n$`));
    expect(guardsOf(tree)).toHaveLength(1);
    expect((await changes(tree, 'list')).stdout).toMatch(/1 +profile first .*goes back in (?:10 min|9 min \d+ s)/);
    expect(await changes(tree, 'confirm', '1')).toMatchObject({ status: 0, stdout: 'Change 1 (profile first) stays.\n' });
    await eventually(isQuiet(tree), 'the guard has ended');
    expect(tree.read('vm.swappiness')).toBe('10');
    expect((await changes(tree, 'verify')).status).toBe(0);
  });

  it('goes back by itself, and cannot be confirmed after that', async () => {
    const tree = makeTunedTree();
    const before = tree.picture();
    expect((await apply(tree, 'first', '--confirm', '1')).status).toBe(0);
    await eventually(isQuiet(tree), 'the guard has ended');
    expect(tree.picture()).toEqual(before);
    expect(await changes(tree, 'confirm', '1')).toMatchObject({
      status: 6,
      stderr: expect.stringContaining('Change 1 cannot be confirmed any more. It was not confirmed in time.'),
    });
    expect((await changes(tree, 'show', '1')).stdout).toContain('It was not confirmed in time.');
  });

  it('brings back the one before when it takes the place of another', async () => {
    const tree = makeTunedTree();
    const before = tree.picture();
    await apply(tree, 'first');
    const between = tree.picture();
    await apply(tree, 'second', '--confirm', '1');
    await eventually(isQuiet(tree), 'the guard has ended');
    expect(tree.picture()).toEqual(between);
    await changes(tree, 'rollback', '1');
    expect(tree.picture()).toEqual(before);
  });

  it('has a guard that survives what ends a session', async () => {
    const tree = makeTunedTree();
    await apply(tree, 'first', '--confirm', '600');
    const guards = guardsOf(tree);
    for (const signal of ['SIGHUP', 'SIGTERM', 'SIGINT'] as const) process.kill(guards[0]!, signal);
    await sleep(300);
    expect(guardsOf(tree)).toEqual(guards);
    await changes(tree, 'rollback', '1');
    await eventually(isQuiet(tree), 'the guard has ended');
  });

  it.each([
    ['recover', ['changes', 'recover'], 0],
    ['a confirmation that comes too late', ['changes', 'confirm', '1'], 6],
    ['the next apply', ['tune', 'apply', '--profile', 'second'], 0],
  ] as const)('is undone by %s when its guard was killed', async (_name, words, status) => {
    const tree = makeTunedTree();
    const before = tree.picture();
    // Time enough to kill the guard before it does its work, on any machine.
    await apply(tree, 'first', '--confirm', '8');
    killGuards(tree);
    expect(tree.read('vm.swappiness')).toBe('10');
    const [{ deadline }] = JSON.parse((await changes(tree, 'list', '--format', 'json')).stdout) as [{ deadline: number }];
    await sleep(Math.max(0, deadline * 1000 - Date.now()));
    expect((await run([...words, '--root', tree.root], { env })).status).toBe(status);
    expect((await changes(tree, 'show', '1')).stdout).toContain('It was not confirmed in time.');
    await run(['tune', 'rollback', '--root', tree.root], { env });
    expect(tree.picture()).toEqual(before);
  });

  it('is not begun when its guard cannot be started', async () => {
    // The command line as it is, but for its guard, which ends at once.
    const copy = temporary('broken');
    cpSync(dirname(dirname(HECATE)), copy, { recursive: true, filter: (file) => !file.includes('node_modules') });
    renameSync(join(copy, 'dist/hecate.cjs'), join(copy, 'dist/whole.cjs'));
    writeFileSync(join(copy, 'dist/hecate.cjs'), 'if (process.argv.includes("guard")) process.exit(3); else require("./whole.cjs");\n');
    const tree = makeTunedTree();
    const before = tree.picture();
    const words = [join(copy, 'bin/hecate.cjs'), ...applyWords(tree, 'first', '--confirm', '60')];
    const { status, stderr } = spawnSync(process.execPath, words, { env: { ...env, HOME: copy }, encoding: 'utf8', timeout: 60_000 });
    expect({ status, stderr }).toEqual({ status: 7, stderr: expect.stringContaining('ended with status 3') });
    expect(tree.picture()).toEqual(before);
    expect((await changes(tree, 'list')).stdout).toMatch(/profile first .*undone/);
  });
});

/** Dozens of processes, one after the other, on a machine that may be slow. */
const LONG = { timeout: 240_000 };

describe('a process that is killed', LONG, () => {
  const journalFile = (tree: TunedTree): string => join(tree.root, 'var/lib/hecate/journal/000001.journal');
  const journalOf = (tree: TunedTree): number => statSync(journalFile(tree), { throwIfNoEntry: false })?.size ?? 0;
  /** Kills an apply of forty changes as soon as its journal is as long as that, and returns how many changes it had made. */
  async function killAt(tree: TunedTree, bytes: number, ...more: string[]): Promise<number> {
    const running = start(applyWords(tree, 'long', ...more), { env });
    while (journalOf(tree) < bytes && running.child.exitCode === null) await new Promise(setImmediate);
    await running.end('SIGKILL');
    return Array.from({ length: 40 }, (_, index) => tree.read(`test.k${index}`)).filter((value) => Number(value) >= 100).length;
  }
  /** Lengths of a journal from its first record to its last, evenly. */
  async function lengthsOf(count: number, ...more: string[]): Promise<number[]> {
    const tree = makeTunedTree();
    expect((await apply(tree, 'long', ...more)).status).toBe(0);
    killGuards(tree);
    const full = journalOf(tree);
    const first = readFileSync(journalFile(tree)).indexOf(10);
    return Array.from({ length: count }, (_, index) => first + Math.round(((full - first) * index) / (count - 1)));
  }

  it('at any moment of an apply leaves what the next start puts in order', async () => {
    const made: number[] = [];
    for (const bytes of await lengthsOf(12)) {
      const tree = makeTunedTree();
      const before = tree.picture();
      made.push(await killAt(tree, bytes));
      expect((await changes(tree, 'recover')).status).toBe(0);
      const [{ phase }] = JSON.parse((await changes(tree, 'list', '--format', 'json')).stdout) as [{ phase: string }];
      if (phase === 'ended') expect(tree.picture()).toEqual(before);
      else expect((await changes(tree, 'verify')).stdout.match(/ kept /g)).toHaveLength(40);
    }
    console.log(`Killed 12 times in an apply of 40 changes, after so many of them: ${made.join(', ')}`);
  });

  it('at any moment of an apply that must be confirmed needs no next start: the guard does it', async () => {
    for (const bytes of await lengthsOf(6, '--confirm', '2')) {
      const tree = makeTunedTree();
      const before = tree.picture();
      await killAt(tree, bytes, '--confirm', '2');
      await eventually(isQuiet(tree), 'the guard has ended');
      expect(tree.picture()).toEqual(before);
    }
  });

  it('with its guard, both in the middle, is put in order by the next start', async () => {
    for (const bytes of (await lengthsOf(5, '--confirm', '600')).slice(0, -1)) {
      const tree = makeTunedTree();
      const before = tree.picture();
      await killAt(tree, bytes, '--confirm', '600');
      killGuards(tree);
      await changes(tree, 'recover');
      await eventually(isQuiet(tree), 'a guard that had only begun has ended');
      const [last] = JSON.parse((await changes(tree, 'list', '--format', 'json')).stdout) as { id: number; phase: string }[];
      // Whole before it was killed, it waits for its confirmation for ten minutes: then taking it back is up to the user.
      if (last?.phase === 'unconfirmed') await changes(tree, 'rollback', String(last.id));
      expect(tree.picture()).toEqual(before);
    }
  });
});

it('two at once: the second one is refused, and changes nothing', async () => {
  const tree = makeTunedTree();
  const both = await Promise.all([apply(tree, 'long'), apply(tree, 'long')]);
  const lost = both.filter(({ status }) => status !== 0);
  for (const { status, stderr } of lost)
    expect({ status, stderr }).toEqual({ status: 6, stderr: expect.stringContaining('Another applier of changes') });
  expect(tree.read('test.k39')).toBe('139');
  expect((await changes(tree, 'verify')).status).toBe(0);
});
